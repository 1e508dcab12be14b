// Package promises tests what the log promises to the rest of Behalf, from the
// outside and on real Postgres: nothing is lost, nothing comes twice or out of
// order, no decision stands on what had changed, and nobody gets past the roles.
package promises

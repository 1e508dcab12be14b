// Package promises tests what the read side promises to the rest of Behalf, from
// the outside and on real Postgres: every event counts exactly once whoever
// dies, nothing is skipped, and nobody sees another workspace's rows.
package promises

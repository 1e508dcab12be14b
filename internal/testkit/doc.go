// Package testkit gives every test a real Postgres database and a real Redis
// of its own, so that all of them run in parallel.
//
// A package that uses it says so once:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// and then, in any test:
//
//	pool := testkit.Postgres(t)  // migrated, empty, dropped afterwards
//	redis := testkit.Redis(t)    // an address for internal/redisurl
//
// The Postgres server behind it is a private throw-away one, started at the
// first use and stopped by Main; "make test" starts one for all packages and
// names it in BEHALF_TEST_POSTGRES (see withservices).
package testkit

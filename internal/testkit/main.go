package testkit

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// ServerVariable is the environment variable that names a running throw-away
// Postgres: the address of a superuser on any database of it.
const ServerVariable = "BEHALF_TEST_POSTGRES"

// Main runs a package's tests, stops what they used, fails when they passed but
// left goroutines behind (except those that ignore names), and exits.
func Main(m *testing.M, ignore ...goleak.Option) {
	server.mainRuns = true
	code := m.Run()
	if err := server.stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "testkit: stop the test services:", err)
		code = max(code, 1)
	}
	if code == 0 {
		if err := goleak.Find(ignore...); err != nil {
			fmt.Fprintln(os.Stderr, "testkit: goroutines outlived the tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

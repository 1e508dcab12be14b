package sitetest

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/internal/testkit"
)

// asProgram makes the test binary be behalf itself: that is how tests start
// processes that they can kill.
const asProgram = "BEHALF_TEST_AS_PROGRAM"

// Main runs a package's tests, or behalf itself where a test has started it.
func Main(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := program.Run(ctx, os.Args[1:], process.Environment{Lookup: os.LookupEnv, Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code)
	}
	testkit.Main(m)
}

package main

import (
	"os"
	"os/signal"
	"syscall"
	"testing"

	"context"

	"behalf/internal/testkit"
)

// asProgram makes the test binary be behalf itself: that is how tests start
// processes that they can kill.
const asProgram = "BEHALF_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], environment{lookup: os.LookupEnv, out: os.Stdout, err: os.Stderr})
		stop()
		os.Exit(code)
	}
	testkit.Main(m)
}

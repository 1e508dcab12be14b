// Command behalf is every process of Behalf: the API, the projections, the
// workers, and the tools for operators and auditors. "behalf dev" runs all of
// it at once, with private services of its own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := program.Run(ctx, os.Args[1:], process.Environment{Lookup: os.LookupEnv, In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

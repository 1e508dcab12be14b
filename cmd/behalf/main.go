// Command behalf is every process of Behalf: the API, the projections, the
// workers, and the tools for operators and auditors. "behalf dev" runs all of
// it at once, with private services of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"behalf/internal/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], environment{lookup: os.LookupEnv, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// description names what has no flag: secrets are never on a command line.
const description = `Publish to shared social accounts with the Owner's credentials or the member's own.

From the environment only, or from the file that the same name with _FILE behind it gives: DATABASE_URL (Postgres), ` +
	`REDIS_URL, SMTP_URL, BEHALF_KEY (master key: 32 bytes in base64), BEHALF_SEAL_KEY (signs the history: behalf audit key), BEHALF_SANDBOX_CLIENT_SECRET. ` +
	`"behalf dev" and "behalf demo" start private services in place of what is not set.`

// environment is what a run of the program sees of the outside.
type environment struct {
	lookup   config.Lookup
	out, err io.Writer
	logs     io.Writer // where the log goes; err when nil
}

// run is the program: it returns the exit code, 2 when a setting or the
// command line is wrong.
func run(ctx context.Context, args []string, env environment) int {
	var grammar cli
	exited := -1
	parser, err := kong.New(&grammar,
		kong.Name("behalf"),
		kong.Description(description),
		kong.Writers(env.out, env.err),
		kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(env),
		kong.UsageOnError(),
	)
	if err != nil {
		return fail(env, err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		return fail(env, err)
	}
	err = parsed.Run(&grammar.Config)
	switch told := ctx.Err() != nil && errors.Is(err, context.Canceled); {
	case err == nil, told && serves(parsed.Command()):
		return 0
	case told:
		return fail(env, errors.New("interrupted: nothing is said about what was left to do"))
	}
	return fail(env, err)
}

// serves reports whether a subcommand runs until it is told to stop. One that
// answers a question has not answered it when it is interrupted: what asks for
// its exit code must not take that for a yes.
func serves(command string) bool {
	switch command {
	case "dev", "serve", "work", "project", "project follow":
		return true
	}
	return false
}

func fail(env environment, err error) int {
	_, _ = fmt.Fprintf(env.err, "behalf: %s\n", err)
	return config.ExitCode(err)
}

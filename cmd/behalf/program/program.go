// Package program is the command line of behalf: what it is called with, and
// which room does it.
package program

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/alecthomas/kong"
	"github.com/jackc/pgx/v5/pgconn"

	"behalf/cmd/behalf/operate"
	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

// description names what has no flag: secrets are never on a command line.
const description = `Publish to shared social accounts with the Owner's credentials or the member's own.

From the environment only, or from the file that the same name with _FILE behind it gives: DATABASE_URL (Postgres), ` +
	`REDIS_URL, SMTP_URL, BEHALF_KEY (master key: 32 bytes in base64), BEHALF_VAULT_KEY and BEHALF_VAULT_KEY_OLD (wrap the keys of the vault: behalf vault), BEHALF_SEAL_KEY (signs the history: behalf audit key), BEHALF_SANDBOX_CLIENT_SECRET, BEHALF_TOKEN (an operator's API token: behalf status, queues, targets, quarantine). ` +
	`"behalf dev" and "behalf demo" start private services in place of what is not set.`

// Run is the program: it returns the exit code, 2 when a setting or the
// command line is wrong.
func Run(ctx context.Context, args []string, env process.Environment) int {
	var grammar cli
	exited := -1
	parser, err := kong.New(&grammar, append(values(),
		kong.Name("behalf"),
		kong.Description(description),
		kong.Writers(env.Out, env.Err),
		kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(env),
		kong.Bind(process.Program(Run)), // the story asks the auditor, as people do
		kong.Bind(operate.Console{Lookup: env.Lookup, In: env.In, Out: env.Out}),
		kong.ConfigureHelp(kong.HelpOptions{FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings, the same for every command:"}}),
	)...)
	if err != nil {
		return fail(env, err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		return fail(env, fmt.Errorf("%w (see %s --help)", err, asked(err)))
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

// asked is the command, as far as it was understood, that a wrong command line asks for.
func asked(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context.Selected() != nil {
		return wrong.Context.Selected().FullPath()
	}
	return "behalf"
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

func fail(env process.Environment, err error) int {
	_, _ = fmt.Fprintf(env.Err, "behalf: %s\n", told(err))
	return config.ExitCode(err)
}

// told is an error in one line. Where Postgres does not answer, that is all there
// is to say: who wanted to ask it what is no news.
func told(err error) string {
	var away *pgconn.ConnectError
	if !errors.As(err, &away) {
		return err.Error()
	}
	reason := "it refuses the user, the password or the database"
	var dial *net.OpError
	if errors.As(away, &dial) {
		reason = "nothing answers there"
	}
	return fmt.Sprintf("%s: Postgres at %s, port %d, cannot be used: %s", config.DatabaseURL, away.Config.Host, away.Config.Port, reason)
}

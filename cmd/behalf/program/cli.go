package program

import (
	"behalf/cmd/behalf/audit"
	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/keys"
	"behalf/cmd/behalf/operate"
	"behalf/cmd/behalf/views"
	"behalf/internal/config"
)

// cli is the command line: settings that every process knows, and one
// subcommand per process or tool.
type cli struct {
	config.Config `embed:"" group:"settings"`

	Dev        dev.Command        `cmd:"" help:"Run everything in one process, with private services, and play the story once."`
	Demo       dev.Demo           `cmd:"" help:"Play the story on throw-away services and exit; non-zero when a step does not show what it must."`
	Serve      serveCommand       `cmd:"" help:"Serve the HTTP API. Any number of copies."`
	Project    views.Command      `cmd:"" help:"Keep the views up to date. One copy is active per view, the others stand by."`
	Work       workCommand        `cmd:"" help:"Send e-mails and publish posts. Any number of copies."`
	Migrate    migrateCommand     `cmd:"" help:"Bring the database to the form that this version works with."`
	Status     operate.Status     `cmd:"" help:"Ask a running Behalf over its API how far its views are, what waits, and whether publishing is held."`
	Queues     operate.Queues     `cmd:"" help:"See the queues of a running Behalf over its API; pause and resume them, try jobs again, drop them."`
	Targets    operate.Targets    `cmd:"" help:"List the targets of a running Behalf that are late, put off, stuck or unknown."`
	Quarantine operate.Quarantine `cmd:"" help:"See, begin and end the time in which nothing is published because a database was restored (R69)."`
	Vault      keys.Vault         `cmd:"" help:"Rotate, renew and check the keys of what members authorized us to use."`
	Erase      keys.Erase         `cmd:"" help:"Make everything personal about a person unreadable for good (R66)."`
	Audit      audit.Command      `cmd:"" help:"Tell the membership history of a workspace."`
}

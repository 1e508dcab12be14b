package main

import "behalf/internal/config"

// cli is the command line: settings that every process knows, and one
// subcommand per process or tool.
type cli struct {
	config.Config `embed:""`

	Dev     devCommand     `cmd:"" help:"Run everything in one process, with private services, and play the story once."`
	Demo    demoCommand    `cmd:"" help:"Play the story on throw-away services and exit; non-zero when a step does not show what it must."`
	Serve   serveCommand   `cmd:"" help:"Serve the HTTP API. Any number of copies."`
	Project projectCommand `cmd:"" help:"Keep the views up to date. One copy is active per view, the others stand by."`
	Work    workCommand    `cmd:"" help:"Send e-mails and publish posts. Any number of copies."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to the form that this version works with."`
	Erase   eraseCommand   `cmd:"" help:"Make everything personal about a person unreadable for good (R66)."`
	Audit   auditCommand   `cmd:"" help:"Tell the membership history of a workspace."`
}

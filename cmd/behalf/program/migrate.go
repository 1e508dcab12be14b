package program

import (
	"context"
	"fmt"

	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

type migrateCommand struct{}

// Run brings the database to this version's form.
func (migrateCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	p, err := process.Open(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, "The database is in the form that this version works with.")
	return err
}

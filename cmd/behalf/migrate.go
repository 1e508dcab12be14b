package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/internal/config"
	"behalf/internal/schema"
	"behalf/projections"
)

type migrateCommand struct{}

// Run brings the database to this version's form.
func (migrateCommand) Run(ctx context.Context, settings *config.Config, env environment) error {
	p, err := open(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, "The database is in the form that this version works with.")
	return err
}

// migrate connects as whoever the address signs in as, who must own the
// database, and not under one of the processes' roles.
func (p *parts) migrate(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, p.settings.Secrets.DatabaseURL.Reveal())
	if err != nil {
		return fmt.Errorf("connect to Postgres: %w", err)
	}
	defer pool.Close()
	if err := schema.Migrate(ctx, pool); err != nil {
		return err
	}
	return projections.Install(ctx, pool)
}

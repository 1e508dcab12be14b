package process

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/internal/schema"
	"behalf/projections"
)

// Migrate connects as whoever the address signs in as, who must own the
// database, and not under one of the processes' roles.
func (p *Parts) Migrate(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, p.Settings.Secrets.DatabaseURL.Reveal())
	if err != nil {
		return fmt.Errorf("connect to Postgres: %w", err)
	}
	defer pool.Close()
	if err := schema.Migrate(ctx, pool); err != nil {
		return err
	}
	return projections.Install(ctx, pool)
}

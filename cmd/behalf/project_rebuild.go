package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/projections/engine"
	"behalf/projections/rebuild"

	"github.com/jackc/pgx/v5/pgxpool"
)

// projectRebuild is "behalf project rebuild".
type projectRebuild struct {
	View             viewName `arg:"" help:"The view: members, people, invitations, accounts or posts."`
	AcceptDifference bool     `help:"Switch although the numbers of rows differ: the rows that are read are known to be wrong."`
}

// Run rebuilds the view. Whoever DATABASE_URL signs in as has to be a member of behalf_owner.
func (c projectRebuild) Run(ctx context.Context, settings *config.Config, env environment) error {
	return onViews(ctx, settings, env, eventstore.RoleOwner, func(p *parts, pool *pgxpool.Pool, store *eventstore.Store) error {
		bar := newBar(env.out, c.View.Name)
		report, err := rebuild.Run(ctx, pool, store, c.View.View, rebuild.Options{
			AcceptDifference: c.AcceptDifference,
			Progress: func(at rebuild.Progress) {
				bar.show(string(at.Stage), at.Done, at.Total)
			},
			Parked: func(told engine.Told) {
				p.log.WarnContext(ctx, "the rebuilt view parks an event", "type", told.Event.Type,
					"position", told.Event.Position, "stream", told.Event.Stream, "class", told.Class)
			},
		})
		bar.stop()
		for _, table := range report.Tables {
			before := ""
			if report.Compared {
				before = fmt.Sprintf(" (%d before)", table.Before)
			}
			fmt.Fprintf(env.out, "  %s: %d rows%s\n", table.Table, table.After, before)
		}
		if errors.Is(err, rebuild.ErrDifferent) {
			return fmt.Errorf("%w; nothing was switched. Look at both, and repeat with --accept-difference to switch: the rebuilt tables are kept until then", err)
		}
		if err != nil {
			return err
		}
		went := "from the beginning"
		if report.Resumed {
			went = "from where an interrupted rebuild was"
		}
		fmt.Fprintf(env.out, "%s is rebuilt %s, up to position %d, in %s: its tables are number %d.\n",
			c.View.Name, went, report.Position, report.Took.Round(time.Millisecond), report.Generation)
		return nil
	})
}

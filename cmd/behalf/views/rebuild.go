package views

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/cmd/behalf/bar"
	"behalf/cmd/behalf/process"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/projections/engine"
	"behalf/projections/rebuild"
)

// rebuildCommand is "behalf project rebuild".
type rebuildCommand struct {
	View             viewName `arg:"" help:"The view: members, people, invitations, accounts or posts."`
	AcceptDifference bool     `help:"Switch although the numbers of rows differ: the rows that are read are known to be wrong."`
}

// Run rebuilds the view. Whoever DATABASE_URL signs in as has to be a member of behalf_owner.
func (c rebuildCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return onViews(ctx, settings, env, eventstore.RoleOwner, func(p *process.Parts, pool *pgxpool.Pool, store *eventstore.Store) error {
		bar := bar.New(env.Out, c.View.Name)
		report, err := rebuild.Run(ctx, pool, store, c.View.View, rebuild.Options{
			AcceptDifference: c.AcceptDifference,
			Progress: func(at rebuild.Progress) {
				bar.Show(string(at.Stage), at.Done, at.Total)
			},
			Parked: func(told engine.Told) {
				p.Log.WarnContext(ctx, "the rebuilt view parks an event", "type", told.Event.Type,
					"position", told.Event.Position, "stream", told.Event.Stream, "class", told.Class)
			},
		})
		bar.Stop()
		for _, table := range report.Tables {
			before := ""
			if report.Compared {
				before = fmt.Sprintf(" (%d before)", table.Before)
			}
			fmt.Fprintf(env.Out, "  %s: %d rows%s\n", table.Table, table.After, before)
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
		fmt.Fprintf(env.Out, "%s is rebuilt %s, up to position %d, in %s: its tables are number %d.\n",
			c.View.Name, went, report.Position, report.Took.Round(time.Millisecond), report.Generation)
		return nil
	})
}

package views

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/cmd/behalf/process"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/projections/engine"
	"behalf/projections/parking"
)

// parkedCommand is "behalf project parked".
type parkedCommand struct {
	List  parkedList  `cmd:"" help:"List the events that a view has put aside."`
	Retry parkedRetry `cmd:"" help:"Try them again; a view that stood still goes on."`
	Skip  parkedSkip  `cmd:"" help:"Leave events out for good, and go on with what waited behind them."`
}

// parkedArguments say what of a view is meant.
type parkedArguments struct {
	View     viewName `arg:"" help:"The view: members, people, invitations, accounts or posts."`
	Position int64    `arg:"" optional:"" help:"The event's position in the log. Default: all."`
}

func (a parkedArguments) positions() []int64 {
	if a.Position == 0 {
		return nil
	}
	return []int64{a.Position}
}

func (a parkedArguments) group() parking.Group {
	return parking.Group{Name: a.View.Group(), View: a.View.Name}
}

// parkedList is "behalf project parked list".
type parkedList struct{ parkedArguments }

// Run prints what is parked: never what is in an event.
func (c parkedList) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return onViews(ctx, settings, env, eventstore.RoleEngine, func(_ *process.Parts, pool *pgxpool.Pool, _ *eventstore.Store) error {
		all, err := c.group().List(ctx, pool)
		if err != nil {
			return err
		}
		lines := table.NewWriter()
		lines.SetStyle(table.StyleLight)
		lines.AppendHeader(table.Row{"position", "stream", "type", "why", "since", "tries"})
		shown := 0
		for _, one := range all {
			if c.Position != 0 && c.Position != one.Position {
				continue
			}
			shown++
			lines.AppendRow(table.Row{one.Position, one.Stream, one.Type, one.Class, one.ParkedAt.UTC().Format(time.RFC3339), one.Attempts})
		}
		if shown == 0 {
			fmt.Fprintf(env.Out, "%s has parked nothing.\n", c.View.Name)
			return nil
		}
		fmt.Fprintln(env.Out, lines.Render())
		return nil
	})
}

// parkedRetry is "behalf project parked retry".
type parkedRetry struct{ parkedArguments }

// Run tries again what is parked on the event's stream, or on all.
func (c parkedRetry) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return onViews(ctx, settings, env, eventstore.RoleEngine, func(_ *process.Parts, pool *pgxpool.Pool, store *eventstore.Store) error {
		result, err := engine.Retry(ctx, pool, store, c.View.View, c.positions()...)
		return c.tell(env, result, err)
	})
}

func (a parkedArguments) tell(env process.Environment, result engine.Retried, err error) error {
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Out, "%s: %d events handled, %d still parked.\n", a.View.Name, result.Handled, result.Parked)
	return nil
}

// parkedSkip is "behalf project parked skip".
type parkedSkip struct {
	parkedArguments
	Yes bool `help:"Do not ask."`
}

// errNotSkipped says that the operator has thought better of it.
var errNotSkipped = errors.New("nothing was skipped")

// Run leaves out the event, or the first one of every stream, once the operator agrees.
func (c parkedSkip) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return onViews(ctx, settings, env, eventstore.RoleEngine, func(_ *process.Parts, pool *pgxpool.Pool, store *eventstore.Store) error {
		all, err := c.group().List(ctx, pool)
		if err != nil {
			return err
		}
		positions := c.positions()
		for _, head := range parking.Heads(all) {
			if c.Position != 0 && head.Position != c.Position {
				continue
			}
			if c.Position == 0 {
				positions = append(positions, head.Position)
			}
			fmt.Fprintf(env.Out, "%d  %s  %s  %s\n", head.Position, head.Stream, head.Type, head.Class)
		}
		if len(positions) == 0 {
			fmt.Fprintf(env.Out, "%s has parked nothing.\n", c.View.Name)
			return nil
		}
		if !c.Yes && !agreed(env, fmt.Sprintf("%s will never show what these events say. Leave them out? Type yes: ", c.View.Name)) {
			return errNotSkipped
		}
		result, err := engine.Skip(ctx, pool, store, c.View.View, operator(), positions...)
		return c.tell(env, result, err)
	})
}

// agreed asks a question on the terminal.
func agreed(env process.Environment, question string) bool {
	fmt.Fprint(env.Out, question)
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n') // no answer is no
	return strings.TrimSpace(answer) == "yes"
}

// operator is who is noted as having decided: the name on this machine.
func operator() string {
	if known, err := user.Current(); err == nil && known.Username != "" {
		return known.Username
	}
	return "unknown"
}

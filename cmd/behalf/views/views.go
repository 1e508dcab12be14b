// Package views is "behalf project": keeping views up to date, and what
// operators do about them.
package views

import (
	"context"
	"encoding"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/cmd/behalf/process"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/projections"
)

// Command is "behalf project" and what operators do about views.
type Command struct {
	Follow  follow         `cmd:"" default:"withargs" help:"Keep the views up to date (default). One copy is active per view, the others stand by."`
	Rebuild rebuildCommand `cmd:"" help:"Make a view's tables anew from the log, while the old ones are read, and switch."`
	Parked  parkedCommand  `cmd:"" help:"What a view could not handle: see it, try it again, leave it out."`
}

// viewName is a view that an operator names.
type viewName struct{ projections.View }

var _ encoding.TextUnmarshaler = (*viewName)(nil) // how kong reads the argument

// UnmarshalText finds the view.
func (n *viewName) UnmarshalText(text []byte) error {
	found := false
	if n.View, found = projections.Named(string(text)); found {
		return nil
	}
	var names []string
	for _, one := range projections.Views() {
		names = append(names, one.Name)
	}
	return fmt.Errorf("there is no view %q, only %s", text, strings.Join(names, ", "))
}

// onViews does something with a view in DATABASE_URL's database, or that of
// the "behalf dev" which runs on the data folder, under a role.
func onViews(ctx context.Context, settings *config.Config, env process.Environment, role string,
	do func(p *process.Parts, pool *pgxpool.Pool, store *eventstore.Store) error,
) error {
	p, err := process.OpenRunning(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.Close()
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return err
	}
	store, err := p.Store(ctx, role)
	if err != nil {
		return err
	}
	return do(p, pool, store)
}

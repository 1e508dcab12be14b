package main

import (
	"context"
	"encoding"
	"fmt"
	"strings"

	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/projections"

	"github.com/jackc/pgx/v5/pgxpool"
)

// projectCommand is "behalf project" and what operators do about views.
type projectCommand struct {
	Follow  projectFollow  `cmd:"" default:"withargs" help:"Keep the views up to date (default). One copy is active per view, the others stand by."`
	Rebuild projectRebuild `cmd:"" help:"Make a view's tables anew from the log, while the old ones are read, and switch."`
	Parked  projectParked  `cmd:"" help:"What a view could not handle: see it, try it again, leave it out."`
}

// projectFollow is "behalf project" without more.
type projectFollow struct{}

// Run keeps the views up to date.
func (projectFollow) Run(ctx context.Context, settings *config.Config, env environment) error {
	return runProcess(ctx, settings, env, processSettings,
		(*parts).startLeader, (*parts).startSealer, (*parts).startProjections, (*parts).startOperator)
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
func onViews(ctx context.Context, settings *config.Config, env environment, role string,
	do func(p *parts, pool *pgxpool.Pool, store *eventstore.Store) error,
) error {
	env.lookup = orRunning(settings.Data, env.lookup)
	p, err := open(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.close()
	pool, err := p.pool(ctx, role)
	if err != nil {
		return err
	}
	store, err := p.store(ctx, role)
	if err != nil {
		return err
	}
	return do(p, pool, store)
}

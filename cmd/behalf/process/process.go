// Package process is what the processes of Behalf are put together from.
package process

import (
	"context"
	"errors"
	"io"
	"net/http"

	"behalf/api/web"
	"behalf/cmd/behalf/crew"
	"behalf/eventstore"
	"behalf/internal/config"
)

// Environment is what a run of the program sees of the outside.
type Environment struct {
	Lookup   config.Lookup
	In       io.Reader // what a person types; nil for nobody
	Out, Err io.Writer
	Logs     io.Writer // where the log goes; err when nil
}

// Program runs a command line of behalf in this process; it returns the exit code.
type Program func(ctx context.Context, args []string, env Environment) int

// Needed are what serve, project and work cannot do without.
var Needed = []config.Setting{config.DatabaseURL, config.RedisURL, config.MasterKey}

// start is a method of Parts that adds a service to a crew.
type start func(*Parts, context.Context, *crew.Crew) error

// Run opens the parts, starts the services and runs them until the
// process is told to stop or one of them fails.
func Run(ctx context.Context, settings *config.Config, env Environment, needed []config.Setting, starts ...start) error {
	p, err := Open(settings, env, needed...)
	if err != nil {
		return err
	}
	defer p.Close()
	c := crew.New(p.Log, settings.Drain)
	for _, begin := range append([]start{(*Parts).startSignals}, starts...) {
		if err := begin(p, ctx, c); err != nil {
			return errors.Join(err, c.Stop())
		}
	}
	return c.Wait(ctx)
}

// StartOperator serves health and metrics of a process that serves nothing
// else, where an address for them is given.
func (p *Parts) StartOperator(ctx context.Context, c *crew.Crew) error {
	if p.Settings.MetricsListen == "" {
		return nil
	}
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	checks, err := p.degradations(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	listener, err := crew.Listening{Flag: "--metrics-listen", Address: p.Settings.MetricsListen}.Listen(ctx)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", web.Alive)
	mux.HandleFunc("GET /readyz", web.Ready(append(checks, web.Postgres(pool))))
	mux.Handle("GET /metrics", p.metrics.Handler())
	c.Start(ctx, "metrics", func(ctx context.Context) error {
		return crew.ServeHTTP(ctx, listener, mux, p.Settings.Drain)
	})
	return nil
}

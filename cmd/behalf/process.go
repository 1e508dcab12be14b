package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"behalf/api/web"
	"behalf/eventstore"
	"behalf/internal/config"
)

// processSettings are what serve, project and work cannot do without.
var processSettings = []config.Setting{config.DatabaseURL, config.RedisURL, config.MasterKey}

// start is a method of parts that adds a service to a crew.
type start func(*parts, context.Context, *crew) error

// runProcess opens the parts, starts the services and runs them until the
// process is told to stop or one of them fails.
func runProcess(ctx context.Context, settings *config.Config, env environment, needed []config.Setting, starts ...start) error {
	p, err := open(settings, env, needed...)
	if err != nil {
		return err
	}
	defer p.close()
	c := newCrew(p.log, settings.Drain)
	for _, begin := range append([]start{(*parts).startSignals}, starts...) {
		if err := begin(p, ctx, c); err != nil {
			return errors.Join(err, c.stop())
		}
	}
	return c.wait(ctx)
}

// workCommand is "behalf work".
type workCommand struct{}

// Run sends mails and publishes.
func (workCommand) Run(ctx context.Context, settings *config.Config, env environment) error {
	return runProcess(ctx, settings, env, append(processSettings, config.SMTPURL),
		(*parts).startLeader, (*parts).startWorkers, (*parts).startOperator)
}

// serveCommand is "behalf serve".
type serveCommand struct{}

// Run serves the API.
func (serveCommand) Run(ctx context.Context, settings *config.Config, env environment) error {
	return runProcess(ctx, settings, env, processSettings,
		func(p *parts, ctx context.Context, c *crew) error {
			listener, err := listening{"--listen", p.settings.Listen}.listen(ctx)
			if err != nil {
				return err
			}
			if err := p.startAPI(ctx, c, listener); err != nil {
				closeUnused(err, []net.Listener{listener})
				return err
			}
			return nil
		})
}

// startOperator serves health and metrics of a process that serves nothing
// else, where an address for them is given.
func (p *parts) startOperator(ctx context.Context, c *crew) error {
	if p.settings.MetricsListen == "" {
		return nil
	}
	pool, err := p.pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	checks, err := p.degradations(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	listener, err := listening{"--metrics-listen", p.settings.MetricsListen}.listen(ctx)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", web.Alive)
	mux.HandleFunc("GET /readyz", web.Ready(append(checks, web.Postgres(pool))))
	mux.Handle("GET /metrics", p.metrics.Handler())
	c.start(ctx, "metrics", func(ctx context.Context) error {
		return serveHTTP(ctx, listener, mux, p.settings.Drain)
	})
	return nil
}

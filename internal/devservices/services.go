// Package devservices runs a private Postgres and a private Redis for
// "behalf dev" and for tests.
//
// The Postgres is the machine's own programs (initdb, postgres) on a data
// folder of ours: reached by a unix socket only, run by an unprivileged user when
// we are root, started and stopped with us. A Postgres or Redis that the machine
// runs for others is never touched. The Redis is a private redis-server where
// there is one, else one inside this process.
//
//	services, err := devservices.Start(ctx, devservices.Options{Dir: ".data"})
//	if err != nil {
//		return err
//	}
//	defer services.Stop(context.WithoutCancel(ctx))
//	pool, err := pgxpool.New(ctx, services.PostgresURL)
//
// What was started dies with the process that started it (on Linux also after
// SIGKILL), and the next start clears away what an earlier one left, judging by
// the data folder that a process works in and never by its name alone.
package devservices

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"behalf/internal/devservices/child"
	"behalf/internal/devservices/programs"
)

// Options say which services to run, and where.
type Options struct {
	// Dir is the folder for data and logs; it is made when missing. Postgres's
	// part moves to /var/tmp when the user that runs it cannot reach Dir.
	// Not used when Throwaway.
	Dir string

	// Throwaway keeps everything in a temporary folder that Stop removes, and
	// trades durability for speed: for tests.
	Throwaway bool

	// SkipPostgres and SkipRedis leave a service out, when another is used.
	// With both, Start only sees to it that nobody else uses Dir.
	SkipPostgres, SkipRedis bool

	// InProcessRedis uses the Redis inside this process even where there is a
	// redis-server. Its content is lost when the process ends.
	InProcessRedis bool

	// Log is told what is started and stopped; nil means nobody is.
	Log *slog.Logger

	find func(context.Context) programs.Programs // where programs are looked for; tests replace it
}

// Services are running private services.
type Services struct {
	PostgresURL string // superuser on database "behalf"; empty when skipped
	RedisURL    string // empty when skipped; see internal/redisurl
	PostgresDir string // the data folder of Postgres, wherever it had to be
	RedisKind   string // "redis-server" or "in-process"; empty when skipped

	log      *slog.Logger
	stops    []func(context.Context) error // in the order of starting
	failures chan error
}

// Start starts the services and returns when they answer. After an error
// nothing is left running. The errors *MissingError, *VersionError and
// *BusyError say what a person has to do. The context bounds starting only.
func Start(ctx context.Context, options Options) (*Services, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.find == nil {
		options.find = programs.Find
	}
	s := &Services{log: options.Log, failures: make(chan error, 2)}
	if err := s.start(ctx, options); err != nil {
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// Failed delivers an error for a service that ended without being stopped.
func (s *Services) Failed() <-chan error { return s.failures }

// Stop stops what Start started, in reverse order, and removes throw-away data.
// When the context ends first, services are made to stop at once; it returns
// when they are gone. A second call does nothing.
func (s *Services) Stop(ctx context.Context) error {
	var problems []error
	for i := len(s.stops) - 1; i >= 0; i-- {
		problems = append(problems, s.stops[i](ctx))
	}
	s.stops = nil
	return errors.Join(problems...)
}

func (s *Services) start(ctx context.Context, options Options) error {
	account, err := child.ServiceAccount()
	if err != nil {
		return err
	}
	home, err := openHome(ctx, options, account)
	if err != nil {
		return err
	}
	s.stops = append(s.stops, func(context.Context) error { return home.close() })

	if !options.SkipPostgres {
		if err := s.startPostgres(ctx, options, home); err != nil {
			return fmt.Errorf("start private postgres: %w", err)
		}
	}
	if !options.SkipRedis {
		if err := s.startRedis(ctx, options, home); err != nil {
			return fmt.Errorf("start private redis: %w", err)
		}
	}
	return nil
}

// watch reports a process that ends by itself.
func (s *Services) watch(p *child.Process) {
	go func() {
		<-p.Ended()
		if !p.Stopping() {
			s.failures <- fmt.Errorf("%s ended by itself: %w", p.Name(), p.Failure())
		}
	}()
}

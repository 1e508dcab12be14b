package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"behalf/internal/devservices"

	"github.com/jackc/pgx/v5/pgxpool"
)

// startPatience is how long a service may take to start on a loaded machine.
const startPatience = time.Minute

// testServer is the Postgres server of this test binary's run.
type testServer struct {
	mainRuns bool   // Main will stop us
	run      string // distinguishes our databases from other binaries' on the same server
	counter  atomic.Int64

	once     sync.Once
	problem  error
	admin    *pgxpool.Pool         // superuser, on a database that no test uses
	services *devservices.Services // nil when the server was given

	templates templates
}

var server = testServer{run: strings.ToLower(rand.Text()[:10])}

// start connects to the given server or starts one, once.
func (s *testServer) start() error {
	s.once.Do(func() { s.problem = s.open() })
	return s.problem
}

func (s *testServer) open() error {
	if !s.mainRuns {
		return errors.New("the package needs func TestMain(m *testing.M) { testkit.Main(m) }")
	}
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	address := os.Getenv(ServerVariable)
	if address == "" {
		services, err := devservices.Start(ctx, devservices.Options{Throwaway: true, SkipRedis: true})
		if err != nil {
			return err
		}
		s.services, address = services, services.PostgresURL
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("read %s: %w", ServerVariable, err)
	}
	config.MaxConns = 4
	s.admin, err = pgxpool.NewWithConfig(ctx, config)
	return err
}

// name makes a database name that is unique on the server.
func (s *testServer) name(kind string) string {
	return fmt.Sprintf("%s_%s_%d", kind, s.run, s.counter.Add(1))
}

// stop drops what is left of ours on a given server, or stops our own.
func (s *testServer) stop(ctx context.Context) error {
	if s.admin == nil {
		return nil
	}
	var problem error
	if s.services == nil {
		problem = s.templates.drop(ctx, s.admin)
	}
	s.admin.Close()
	if s.services != nil {
		problem = s.services.Stop(ctx)
	}
	return problem
}

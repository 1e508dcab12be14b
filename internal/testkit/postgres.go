package testkit

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// poolSize is how many connections a test's pool opens at most.
const poolSize = 20

// closePatience is how long queries may still run when a test has ended.
const closePatience = 10 * time.Second

// Postgres returns a pool on a database of this test's own: migrated, then
// prepared by the setups. Migrations and setups run once per distinct list of
// setups; each test gets a copy of the result. The pool is closed and the
// database dropped when the test ends.
func Postgres(t testing.TB, setups ...Setup) *pgxpool.Pool {
	t.Helper()
	return EmptyPostgres(t, append([]Setup{migrate}, setups...)...)
}

// EmptyPostgres is Postgres without the migrations.
func EmptyPostgres(t testing.TB, setups ...Setup) *pgxpool.Pool {
	t.Helper()
	require.NoError(t, server.start(), "start the test Postgres")
	ctx := context.WithoutCancel(t.Context()) // cleaning up comes after t's context

	template, err := server.templates.get(ctx, &server, setups)
	require.NoError(t, err)
	name := server.name("test")
	require.NoError(t, server.createDatabase(ctx, name, template), "copy the test database")
	t.Cleanup(func() { require.NoError(t, dropDatabase(ctx, server.admin, name)) })

	pool, err := server.connect(ctx, name)
	require.NoError(t, err)
	t.Cleanup(func() { closePool(t, pool) })
	return pool
}

// closePool fails the test that keeps a connection, instead of waiting for it for ever.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(closePatience):
		t.Errorf("the test did not give %d connections back to its pool", pool.Stat().AcquiredConns())
	}
}

// PostgresURL is the address of a pool's database, for processes that a test starts.
func PostgresURL(t testing.TB, pool *pgxpool.Pool) string {
	t.Helper()
	return pool.Config().ConnString()
}

func (s *testServer) createDatabase(ctx context.Context, name, template string) error {
	_, err := s.admin.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()+
		" template "+pgx.Identifier{template}.Sanitize())
	return err
}

// dropDatabase also ends the connections that a test has left.
func dropDatabase(ctx context.Context, admin *pgxpool.Pool, name string) error {
	_, err := admin.Exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)")
	return err
}

func (s *testServer) connect(ctx context.Context, name string) (*pgxpool.Pool, error) {
	address, err := onDatabase(s.admin.Config().ConnString(), name)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	return pgxpool.NewWithConfig(ctx, config)
}

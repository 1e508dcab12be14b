package testkit

import (
	"context"
	"sync/atomic"
	"testing"

	"behalf/internal/redisurl"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { Main(m) }

var prepared atomic.Int64

func makeNotes(ctx context.Context, pool *pgxpool.Pool) error {
	prepared.Add(1)
	_, err := pool.Exec(ctx, "create table notes (text text not null)")
	return err
}

// Two tests that write the same row into the same table must not meet.
func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := EmptyPostgres(t, makeNotes)
			_, err := pool.Exec(t.Context(), "insert into notes values ($1)", name)
			require.NoError(t, err)

			var found int
			require.NoError(t, pool.QueryRow(t.Context(), "select count(*) from notes").Scan(&found))
			require.Equal(t, 1, found)
			require.EqualValues(t, 1, prepared.Load(), "the setup runs once, not once per test")
		})
	}
}

func TestClosuresOfOnePlaceAreDifferentSetups(t *testing.T) {
	t.Parallel()
	remember := func(text string) Setup {
		return func(ctx context.Context, pool *pgxpool.Pool) error {
			_, err := pool.Exec(ctx, "comment on schema public is '"+text+"'")
			return err
		}
	}
	for _, text := range []string{"first", "second"} {
		var found string
		err := EmptyPostgres(t, remember(text)).
			QueryRow(t.Context(), "select obj_description('public'::regnamespace)").Scan(&found)
		require.NoError(t, err)
		require.Equal(t, text, found)
	}
}

func TestADatabaseIsGoneAfterItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("uses one", func(t *testing.T) {
		pool := EmptyPostgres(t)
		require.NoError(t, pool.QueryRow(t.Context(), "select current_database()").Scan(&name))
	})
	var exists bool
	err := server.admin.QueryRow(t.Context(), `
		select exists (
			select from pg_database
			where datname = $1)`, name).Scan(&exists)
	require.NoError(t, err)
	require.NotEmpty(t, name)
	require.False(t, exists)
}

func TestAnotherPoolReachesTheSameDatabase(t *testing.T) {
	t.Parallel()
	pool := EmptyPostgres(t, makeNotes)
	other, err := pgxpool.New(t.Context(), PostgresURL(t, pool))
	require.NoError(t, err)
	t.Cleanup(other.Close)
	_, err = other.Exec(t.Context(), "insert into notes values ('from elsewhere')")
	require.NoError(t, err)
	var text string
	require.NoError(t, pool.QueryRow(t.Context(), "select text from notes").Scan(&text))
	require.Equal(t, "from elsewhere", text)
}

func TestEachRedisIsItsOwn(t *testing.T) {
	t.Parallel()
	one, two := connect(t, Redis(t)), connect(t, Redis(t))
	require.NoError(t, one.Set(t.Context(), "key", "value", 0).Err())
	require.ErrorIs(t, two.Get(t.Context(), "key").Err(), redis.Nil)
	require.NoError(t, two.FlushAll(t.Context()).Err())
	require.Equal(t, "value", one.Get(t.Context(), "key").Val())
}

func connect(t *testing.T, address string) *redis.Client {
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

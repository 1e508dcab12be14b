package seal_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore/seal"
	"behalf/eventstore/seal/sealtest"
)

func requireDenied(t *testing.T, pool *pgxpool.Pool, statement string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), statement)
	var broken *pgconn.PgError
	require.ErrorAs(t, err, &broken, statement)
	require.Equal(t, "42501", broken.Code, "%s: %v", statement, err) // insufficient_privilege
}

func TestWhatWasSealedStays(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 10)
	for _, pool := range []*pgxpool.Pool{w.Super, w.Engine, w.API} {
		for _, table := range []string{"seal.tiles", "seal.checkpoints"} {
			requireDenied(t, pool, `delete from `+table)
			requireDenied(t, pool, `truncate `+table)
		}
		requireDenied(t, pool, `update seal.tiles set level = 1`)
		requireDenied(t, pool, `update seal.checkpoints set position = 1`)
	}
	requireDenied(t, w.API, `insert into seal.tiles (level, tile, start, hashes) values (0, 9, 0, sha256('x'))`)
	requireDenied(t, w.API, `insert into seal.checkpoints (size, position, root, note) values (99, 99, sha256('x'), 'x')`)
	requireDenied(t, w.Engine, `alter table seal.tiles disable trigger append_only`)
}

// An event's index says how many events came before, and nothing of them.
func TestLeavesAreCounted(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 10, 5)
	w.Fill(t, 1)
	for position, want := range map[int64]any{1: int64(0), 10: int64(9), 11: int64(10), 15: int64(14), 16: nil, 99: nil} {
		var leaf *int64
		require.NoError(t, w.API.QueryRow(t.Context(), `select seal.leaf($1)`, position).Scan(&leaf))
		if want == nil {
			require.Nil(t, leaf, "position %d", position)
			continue
		}
		require.Equal(t, want, *leaf, "position %d", position)
	}
}

// The one session lock that sealers stand for frees itself with its session.
func TestASealerTakesOver(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	w.Fill(t, 3)
	holder, err := w.Super.Acquire(t.Context())
	require.NoError(t, err)
	var held bool
	require.NoError(t, holder.QueryRow(t.Context(), `select pg_try_advisory_lock(25192, 3)`).Scan(&held))
	require.True(t, held)
	require.ErrorIs(t, w.Sealer(t).SealOnce(t.Context()), seal.ErrElsewhere)
	var pid int
	require.NoError(t, holder.QueryRow(t.Context(), `select pg_backend_pid()`).Scan(&pid))
	require.NoError(t, w.Super.QueryRow(t.Context(), `select pg_terminate_backend($1, 10000)`, pid).Scan(new(bool)))
	holder.Release()
	require.NoError(t, w.Sealer(t).SealOnce(t.Context()))
}

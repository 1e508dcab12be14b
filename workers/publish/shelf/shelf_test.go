package shelf_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/testkit"
	"behalf/workers/publish/shelf"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// open makes a shelf under the role that uses it.
func open(t *testing.T) *shelf.Shelf {
	t.Helper()
	config := eventstore.UnderRole(testkit.Postgres(t).Config(), eventstore.RoleEngine)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return shelf.New(pool)
}

func key() shelf.Key {
	return shelf.Key{
		Workspace: eventstore.Fresh(), Post: eventstore.Fresh(), Account: eventstore.Fresh(), Revision: 1,
		Connection: eventstore.Fresh(), Identity: "newsroom",
	}
}

// One prepares at a time, and goes on from what was saved.
func TestTakenByOne(t *testing.T) {
	t.Parallel()
	s, k := open(t), key()
	hold, item, err := s.Take(t.Context(), k, time.Minute)
	require.NoError(t, err)
	require.Nil(t, item.Made)
	_, _, err = s.Take(t.Context(), k, time.Minute)
	require.ErrorIs(t, err, shelf.ErrHeld)
	require.NoError(t, hold.Save(t.Context(), networks.Prepared("half")))
	require.NoError(t, hold.GiveUp(t.Context()))

	next, item, err := s.Take(t.Context(), k, time.Minute)
	require.NoError(t, err)
	require.Equal(t, networks.Prepared("half"), item.Made)
	require.False(t, item.Ready)
	require.ErrorIs(t, hold.Save(t.Context(), networks.Prepared("late")), shelf.ErrLost)
	require.NoError(t, next.Done(t.Context(), networks.Prepared("whole")))
	items, err := s.Of(t.Context(), k.Post, k.Account)
	require.NoError(t, err)
	require.Equal(t, []shelf.Item{{Key: k, Made: networks.Prepared("whole"), Ready: true}}, items)
	require.NoError(t, s.Drop(t.Context(), k))
	items, err = s.Of(t.Context(), k.Post, k.Account)
	require.NoError(t, err)
	require.Empty(t, items)
}

// Whoever was frozen past the end of their hold saves nothing, whether or not
// somebody else has gone on.
func TestAFrozenHoldIsLost(t *testing.T) {
	t.Parallel()
	s, k := open(t), key()
	frozen, _, err := s.Take(t.Context(), k, time.Microsecond)
	require.NoError(t, err)
	require.ErrorIs(t, frozen.Save(t.Context(), networks.Prepared("late")), shelf.ErrLost)
	_, item, err := s.Take(t.Context(), k, time.Minute)
	require.NoError(t, err)
	require.Nil(t, item.Made)
	require.ErrorIs(t, frozen.Done(t.Context(), networks.Prepared("late")), shelf.ErrLost)
}

// Sending is noted before, and forgotten long after.
func TestNotes(t *testing.T) {
	t.Parallel()
	s, attempt := open(t), eventstore.Fresh()
	require.NoError(t, s.Note(t.Context(), attempt))
	noted, err := s.Noted(t.Context(), attempt)
	require.NoError(t, err)
	require.True(t, noted)
	require.NoError(t, s.Forget(t.Context(), 0))
	noted, err = s.Noted(t.Context(), attempt)
	require.NoError(t, err)
	require.False(t, noted)
}

package reading

import (
	"context"
	"testing"

	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// A database that takes the place of another one under a running process may have
// other tables: what was remembered of the first is forgotten.
func TestAnotherDatabaseHasOtherTables(t *testing.T) {
	t.Parallel()
	g := given(t, record(team()...)...)
	reader := New(g.Under(eventstore.RoleAPI), waiting{context.DeadlineExceeded})
	position := func() int64 {
		answer, err := reader.Workspaces(t.Context(), asCarl, 0)
		require.NoError(t, err)
		require.Len(t, answer.Value, 1)
		return answer.Position
	}
	becomes := func(version int, position int64) {
		_, err := g.Tables.Exec(t.Context(), `
			with gone as (
				delete from log.checkpoints
			), tables as (
				update views.generations
				set version = $1
				where view = 'members'
			)
			insert into log.checkpoints (name, position)
			values ('view:members:' || $1::integer, $2)`, version, position)
		require.NoError(t, err)
	}
	becomes(900, 7)
	require.EqualValues(t, 7, position())
	becomes(899, 5)
	require.Zero(t, position(), "nobody has begun to fill what was remembered")
	require.EqualValues(t, 5, position())
}

package rows_test

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/rows/rowstest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// However the events are divided into folds, and whether or not the table was
// empty at first, the rows are those that one change after the other makes.
func TestAFoldDoesWhatItsChangesDo(t *testing.T) {
	t.Parallel()
	pool := testkit.EmptyPostgres(t, install)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		tx, err := pool.Begin(ctx)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback(ctx) }()
		memory := new(rowstest.Memory)
		target := rows.Target{New: rows.NewSeen()}
		if rapid.Bool().Draw(t, "rows before") {
			target.New = nil
			for _, changes := range rapid.SliceOfN(rapid.SliceOfN(anyChange(), 1, 2), 1, 4).Draw(t, "before") {
				require.NoError(t, memory.Apply(ctx, changes))
				require.NoError(t, rows.Live{Tx: tx}.Apply(ctx, changes))
			}
		}
		for _, events := range rapid.SliceOfN(rapid.SliceOfN(rapid.SliceOfN(anyChange(), 0, 4), 0, 6), 1, 3).Draw(t, "folds") {
			fold := new(rows.Fold)
			for _, changes := range events {
				require.NoError(t, memory.Apply(ctx, changes))
				require.NoError(t, fold.Add(changes))
			}
			require.NoError(t, fold.Write(ctx, tx, target))
		}
		held, err := rowstest.Rows(memory, things)
		require.NoError(t, err)
		require.Equal(t, held, append([]thing{}, stored(ctx, t, tx)...))
	})
}

func TestAFoldTakesNothingOfAnEventThatDoesNotFit(t *testing.T) {
	t.Parallel()
	fold := new(rows.Fold)
	good := things.Put(thing{Group: [16]byte{1}})
	require.Error(t, fold.Add([]rows.Change{good, things.Delete(nil)}))
	require.Zero(t, fold.Rows())
	require.NoError(t, fold.Add([]rows.Change{good, good}))
	require.Equal(t, 1, fold.Rows())
}

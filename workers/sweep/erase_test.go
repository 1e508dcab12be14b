package sweep_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/workers/workerstest"
)

// A process died after it had recorded an erasure: the sweeper does the rest,
// by the log alone (R66).
func TestBrokenOffErasure(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	known := personal.New(w.Carl, "Carl").At(personal.Place{ID: eventstore.Fresh(), Field: "name"})
	require.NoError(t, w.Persons.Seal(w.Ctx, &known))
	w.As(w.Carl, &user.EraseUser{Person: w.Carl})

	still := known
	require.NoError(t, w.Persons.Open(w.Ctx, &still))
	require.Equal(t, "Carl", still.Reveal(), "the event alone destroys nothing")

	sweeper, _ := newSweeper(w, time.Now(), time.Minute)
	require.NoError(t, sweeper.Sweep(w.Ctx))
	require.NoError(t, w.Persons.Open(w.Ctx, &known))
	require.Equal(t, personal.Erased, known.Reveal())
	require.NoError(t, sweeper.Sweep(w.Ctx), "sweeping again finds nothing")
}

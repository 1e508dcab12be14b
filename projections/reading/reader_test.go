package reading

import (
	"context"
	"testing"

	"behalf/domain"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// waiting is a Progress whose wait always ends like this.
type waiting struct{ err error }

func (w waiting) WaitForCheckpoint(context.Context, string, int64) (int64, error) { return 0, w.err }

func readerOn(t *testing.T, log ...domain.Change) *Reader {
	t.Helper()
	return New(given(t, record(log...)...).Under(eventstore.RoleAPI), waiting{context.DeadlineExceeded})
}

func value[T any](t *testing.T) func(Answer[T], error) T {
	return func(answer Answer[T], err error) T {
		t.Helper()
		require.NoError(t, err)
		return answer.Value
	}
}

func TestAnAnswerThatIsTooOldSaysSo(t *testing.T) {
	t.Parallel()
	pool := given(t, record(team()...)...).Under(eventstore.RoleAPI)
	answer, err := New(pool, waiting{context.DeadlineExceeded}).Members(t.Context(), ofAcme, olivia, 99, MemberPage{})
	require.NoError(t, err)
	require.False(t, answer.Reached)
	require.Zero(t, answer.Position)
	require.Len(t, answer.Value.Members, 2)

	_, err = New(pool, waiting{context.Canceled}).Members(t.Context(), ofAcme, olivia, 99, MemberPage{})
	require.ErrorIs(t, err, context.Canceled)
}

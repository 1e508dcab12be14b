package judge

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An outage that outlasts the longest grace makes a few hundred attempts for a
// target, not thousands; with the usual grace, and in the first minutes of any,
// pauses are half a minute at most.
func TestAttemptsInALongOutage(t *testing.T) {
	t.Parallel()
	attempts := func(grace time.Duration) (made int) {
		for late := time.Duration(0); late < grace; made++ {
			late += pauseUpTo(late, grace) / 2 // as drawn on average
		}
		return made
	}
	require.Less(t, attempts(24*time.Hour), 300)
	require.Less(t, attempts(15*time.Minute), 100)
	for late := time.Duration(0); late < 15*time.Minute; late += time.Second {
		require.Equal(t, min(max(late, time.Second), 30*time.Second), pauseUpTo(late, 15*time.Minute))
		require.LessOrEqual(t, pauseUpTo(late, 24*time.Hour), max(30*time.Second, late/10))
	}
	require.Less(t, pauseUpTo(24*time.Hour, 24*time.Hour), time.Hour, "it goes out within the hour in which the network is back")
}

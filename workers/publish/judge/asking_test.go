package judge

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Nobody was there to ask for longer than a network is asked: whoever comes back
// asks for an hour, however long they had been asking before.
func TestAskingBeginsAnewAfterALull(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	after := func(hours float64) time.Time { return deadline.Add(time.Duration(hours * float64(time.Hour))) }
	var a asking
	a.at(after(0))
	require.False(t, a.enough(after(23), deadline))
	a.at(after(30))
	require.False(t, a.enough(after(30), deadline), "it has only just come back")
	for _, hours := range []float64{30.4, 30.8} {
		a.at(after(hours))
		require.False(t, a.enough(after(hours), deadline))
	}
	a.at(after(31.1))
	require.True(t, a.enough(after(31.1), deadline))
	a.at(after(40))
	require.False(t, a.enough(after(40), deadline))
	a.at(after(170))
	require.True(t, a.enough(after(170), deadline), "a week is enough for whoever it is")
}

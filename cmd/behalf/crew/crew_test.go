package crew

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCrew: services stop in the reverse order; one that fails ends the
// process; one that does not stop is named, once, after the drain time.
func TestCrew(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	var stopped []string
	until := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			<-ctx.Done()
			stopped = append(stopped, name)
			return nil
		}
	}
	orderly := New(log, time.Minute)
	orderly.Start(t.Context(), "needed", until("needed"))
	orderly.Start(t.Context(), "needing", until("needing"))
	orderly.Start(t.Context(), "broken", func(context.Context) error { return errors.New("cause") })
	require.EqualError(t, orderly.Wait(t.Context()), "broken: cause")
	require.Equal(t, []string{"needing", "needed"}, stopped)

	stubborn, free := New(log, 10*time.Millisecond), make(chan struct{})
	stubborn.Start(t.Context(), "stubborn", func(context.Context) error { <-free; return nil })
	require.EqualError(t, stubborn.Stop(), "stubborn did not stop within 10ms")
	require.NoError(t, stubborn.Stop(), "it is not waited for twice")
	close(free)
}

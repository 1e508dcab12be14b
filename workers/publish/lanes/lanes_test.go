package lanes

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

// All hosts of one workspace that hang leave a part of the network to the others.
func TestOneWorkspaceDoesNotTakeANetwork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(4)
		ctx, stop := context.WithCancel(t.Context())
		sends := func(host string, ws domain.WorkspaceID) (begun *bool) {
			begun = new(bool)
			go func() {
				done, err := l.Sending(ctx, Where{"mastodon", host}, ws)
				if err != nil {
					return
				}
				*begun = true
				<-ctx.Done()
				done()
			}()
			synctest.Wait()
			return begun
		}
		one, other := domain.WorkspaceID{1}, domain.WorkspaceID{2}
		require.True(t, *sends("a.example", one))
		require.False(t, *sends("a.example", one))
		require.True(t, *sends("b.example", one))
		require.True(t, *sends("c.example", one))
		require.False(t, *sends("d.example", one))
		require.True(t, *sends("e.example", other))
		stop()
	})
}

// A lane lasts as long as somebody uses it or waits in it, also in vain.
func TestLanesAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(4)
		place, ws := Where{"mastodon", "a.example"}, domain.WorkspaceID{1}
		done, err := l.Sending(t.Context(), place, ws)
		require.NoError(t, err)
		waiting, giveUp := context.WithCancel(t.Context())
		given := make(chan error, 1)
		go func() {
			_, err := l.Sending(waiting, place, ws) // a host takes one
			given <- err
		}()
		synctest.Wait()
		require.Len(t, l.byName, 2)
		done()
		synctest.Wait()
		require.Len(t, l.byName, 2, "the next one has it")
		require.NoError(t, <-given)
		giveUp()

		busy, err := l.Sending(t.Context(), Where{"mastodon", "b.example"}, ws)
		require.NoError(t, err)
		gone, stop := context.WithCancel(t.Context())
		stop()
		_, err = l.Sending(gone, Where{"mastodon", "b.example"}, ws)
		require.ErrorIs(t, err, context.Canceled)
		busy()
		require.NotContains(t, l.byName, "host mastodon b.example")

		dropped := 0
		l = New(1)
		end := make(chan struct{})
		for range ready {
			l.Working("publish", place, ws, func() { <-end }, func() { dropped++ })
		}
		require.Len(t, l.byName, 1)
		l.Drop()
		require.Equal(t, ready/2, dropped)
		require.Len(t, l.byName, 1, "half of them are at work")
		close(end)
		synctest.Wait()
		require.Empty(t, l.byName)
	})
}

package publish

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
		l := lanes{atOnce: 4, byName: map[string]*lane{}}
		ctx, stop := context.WithCancel(t.Context())
		sends := func(host string, ws domain.WorkspaceID) (begun *bool) {
			begun = new(bool)
			go func() {
				done, err := l.sending(ctx, where{"mastodon", host}, ws)
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

package departure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/workers/departure"
	"behalf/workers/workerstest"
)

// R23: an invitation expires at its time, and not before.
func TestInvitationExpires(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.As(w.Olivia, &invitation.InviteAuditor{Email: "ada@example.com", Person: eventstore.Fresh()})
	settle(w, invitation.Life-time.Minute)
	stream := workspace.Stream(w.Workspace)
	require.Empty(t, on[workspace.InvitationExpired](w, stream))
	for range 2 {
		settle(w, invitation.Life+time.Second)
		require.Len(t, on[workspace.InvitationExpired](w, stream), 1)
	}
}

// R23: nobody has to wait for the sweeper: the clerk knows the next deadline.
func TestInvitationExpiresByItself(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	happened := w.As(w.Olivia, &invitation.InviteAuditor{Email: "ada@example.com", Person: eventstore.Fresh()})
	invited, ok := happened[0].Event.(workspace.AuditorInvited)
	require.True(t, ok)
	caughtUp(w)
	w.Background(departure.New(deps(w, invitation.Life-time.Second)).Run)
	for {
		next := w.Signals.Appended.Next()
		if expired := on[workspace.InvitationExpired](w, workspace.Stream(w.Workspace)); len(expired) > 0 {
			require.Equal(t, invited.Invitation, expired[0].Invitation)
			return
		}
		select {
		case <-next:
		case <-w.Ctx.Done():
			require.FailNow(t, "it does not expire")
		}
	}
}

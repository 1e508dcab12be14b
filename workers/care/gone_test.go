package care_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/membership"
	"behalf/internal/networks"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/departure"
	"behalf/workers/workerstest"

	"github.com/stretchr/testify/require"
)

// keptToRevoke is how many authorizations are left, and how many of them serve
// for being revoked alone.
func keptToRevoke(w *workerstest.World) (connections, revocations int) {
	w.Helper()
	return count(w, "select count(*) from vault.connections where holder_id = '"+hex(w.Carl)+"'"),
		count(w, "select count(*) from vault.revocations where holder_id = '"+hex(w.Carl)+"'")
}

// hex is a person's id as Postgres takes it.
func hex(id domain.UserID) string {
	text := id.String()
	return text[len(text)-32:]
}

// R62, R66: nothing of an erased person's connections is left at once but what
// is needed to end them at the network; that is done, and if it cannot be done
// it is gone after ten minutes.
func TestErasedPersonIsRevoked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer *networks.Failure
		calls  int
		left   []int // revocations, by the minute at which the keeper looks
	}{
		"ended":               {nil, 1, []int{0, 0}},
		"the network is away": {&networks.Failure{Kind: networks.Unavailable}, 2, []int{1, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.MemberMode)
			network := revoking(w, networks.Capabilities{Revoking: true})
			if c.answer != nil {
				network.answers = []error{c.answer, c.answer, c.answer}
			}
			w.Connect(w.Carl)
			w.As(w.Carl, &user.EraseUser{Person: w.Carl})
			require.NoError(t, w.Erase(w.Ctx))
			connections, revocations := keptToRevoke(w)
			require.Zero(t, connections)
			require.Equal(t, 1, revocations)
			require.NotZero(t, count(w, "select count(*) from vault.connections"), "the Owner's stays")
			for i, left := range c.left {
				round(w, []time.Duration{0, 5 * time.Minute, 11 * time.Minute}[i])
				_, revocations := keptToRevoke(w)
				require.Equal(t, left, revocations, i)
			}
			require.Equal(t, c.calls, network.calls)
			require.NoError(t, w.Erase(w.Ctx))
			_, revocations = keptToRevoke(w)
			require.Zero(t, revocations, "once more changes nothing")
		})
	}
}

// What was given up already when its person is erased has ten minutes left, too.
func TestGivenUpBeforeErasing(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	network := revoking(w, networks.Capabilities{Revoking: true})
	w.Connect(w.Carl)
	w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
	settle(w)
	w.As(w.Carl, &user.EraseUser{Person: w.Carl})
	require.NoError(t, w.Erase(w.Ctx))
	network.answers = []error{&networks.Failure{Kind: networks.Unavailable}}
	round(w, time.Minute)
	_, revocations := keptToRevoke(w)
	require.Equal(t, 1, revocations)
	round(w, 11*time.Minute)
	_, revocations = keptToRevoke(w)
	require.Zero(t, revocations)
	require.Equal(t, 1, network.calls)
}

// R13: the connections of a deleted workspace are ended at their networks.
func TestDeletedWorkspaceIsRevoked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	network := revoking(w, networks.Capabilities{Revoking: true})
	w.Connect(w.Carl)
	w.As(w.Olivia, &closing.DeleteWorkspace{})
	for range 2 {
		for _, one := range []projections.View{projections.Posts, projections.Accounts, projections.Members, projections.Invitations} {
			w.CaughtUp(one.Group())
		}
		require.NoError(t, departure.New(departure.Deps{
			Pool: w.Pool, Store: w.Store, Work: work.NewReader(w.Pool), Vault: keeper(w, 0), Keys: w.Persons, Logger: w.Logger(),
			Now: func() time.Time { return time.Now().Add(31 * day) },
		}).Settle(w.Ctx))
	}
	require.Zero(t, count(w, "select count(*) from vault.connections"))
	require.Equal(t, 2, count(w, "select count(*) from vault.revocations"))
	round(w, 0)
	require.Zero(t, count(w, "select count(*) from vault.revocations"))
	require.Equal(t, 2, network.calls)
}

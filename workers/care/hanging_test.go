package care_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/workers/workerstest"
)

// hanging is a network that answers nothing until the test is over.
type hanging struct {
	networks.Connector
	asked chan string
	over  chan struct{}
}

func (h hanging) hang(what string) error {
	h.asked <- what
	<-h.over // however long it is waited for
	return &networks.Failure{Kind: networks.Unavailable}
}

func (h hanging) VerifyAccess(context.Context, networks.Session) (networks.Access, error) {
	return networks.Access{}, h.hang("check")
}

func (h hanging) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, h.hang("refresh")
}

// What is due on a network that hangs keeps nothing else waiting: another
// network is asked, and what was given up there is revoked, meanwhile (R66).
func TestOneNetworkHangs(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	page, id := w.Account, w.ConnectionOf(w.Olivia)
	_, secret, err := w.Vault.Open(w.Ctx, id)
	require.NoError(t, err)
	credential, err := networks.OpenCredential(secret.Reveal())
	require.NoError(t, err)
	revoker := revoking(w, networks.Capabilities{Revoking: true})
	network := hanging{revoker.Connector, make(chan string, 100), make(chan struct{})}
	const some = 3
	for i := range some {
		w.Hold(network, "hangs", fmt.Sprint("elsewhere ", i), credential)
	}
	w.Account = page
	w.As(w.Olivia, &account.DisconnectAccount{Account: page})
	settle(w)
	w.Connect(w.Olivia)
	exec := func(statement string) {
		t.Helper()
		_, err := w.Admin.Exec(w.Ctx, statement)
		require.NoError(t, err)
	}
	exec("update vault.connections set expires_at = now() + interval '5 seconds' where network = 'hangs'")
	exec("update vault.care set check_due = now() - interval '1 minute' where connection_id in (select id from vault.connections where network = 'hangs')")
	exec("update vault.care set check_due = now() where check_due > now()")
	exec("update vault.revocations set given_up_at = now() - interval '2 hours'") // nobody has tried to

	over := sync.OnceFunc(func() { close(network.over) })
	defer over()
	stop := w.Background(keeper(w, 0).Run)
	require.Eventually(t, func() bool {
		return count(w, "select count(*) from vault.care where checked_at is not null") == 1 &&
			count(w, "select count(*) from vault.revocations") == 0
	}, time.Minute, 20*time.Millisecond)
	require.Equal(t, 1, revoker.calls, "it was tried, however late")
	asked := map[string]int{}
	for range some + 2 { // every check, and as many refreshes as one network gets
		asked[<-network.asked]++
	}
	require.Equal(t, map[string]int{"check": some, "refresh": 2}, asked)
	require.Empty(t, w.Outages())
	over()
	stop()
}

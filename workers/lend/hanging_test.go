package lend_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/lend"
	"behalf/workers/workerstest"
)

// hanging is a network whose token endpoint answers when the test says so.
type hanging struct {
	networks.Connector
	asked, answer chan struct{}
}

func (h hanging) Refresh(_ context.Context, held networks.Credential) (networks.Credential, error) {
	h.asked <- struct{}{}
	<-h.answer
	return held, nil
}

// R45: a credential that lasts is used while its token endpoint hangs, by whoever
// asked it and by whoever waits for that; what it answers in the end is stored.
func TestTokenEndpointHangs(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.ConnectionOf(w.Olivia)
	now := time.Now()
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set expires_at = $1", now.Add(90*time.Second))
	require.NoError(t, err)
	network := hanging{w.Networks[sandbox.Name], make(chan struct{}, 2), make(chan struct{})}
	loan := lend.Loan{
		Vault: w.Vault, Connector: network, Connection: id, Until: now.Add(2 * time.Minute), Enough: now.Add(time.Minute),
	}
	before, secret, err := w.Vault.Open(w.Ctx, id)
	require.NoError(t, err)
	secret.Wipe()
	done := make(chan error, 2)
	for range 2 {
		go func() { done <- loan.Through(w.Ctx, func(networks.Credential) error { return nil }) }()
	}
	<-network.asked
	for range 2 {
		require.NoError(t, <-done)
	}
	require.Empty(t, network.asked, "one asks for all")
	close(network.answer)
	require.Eventually(t, func() bool {
		after, secret, err := w.Vault.Open(w.Ctx, id)
		secret.Wipe()
		return err == nil && after.Generation > before.Generation
	}, 20*time.Second, 5*time.Millisecond)
}

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

// endpoint is a network whose token endpoint answers what the test says.
type endpoint struct {
	networks.Connector
	answer *networks.Failure
	asked  int
}

func (e *endpoint) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	e.asked++
	return networks.Credential{}, e.answer
}

// R45: a credential that should be refreshed, and cannot be just then, is used
// while it lasts. One that the network has ended, or that is about to expire, is
// not.
func TestRefreshFailsAndMaySucceedLater(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.ConnectionOf(w.Olivia)
	now := time.Now()
	for name, c := range map[string]struct {
		kind   networks.FailureKind
		lasts  time.Duration
		enough time.Duration // zero: none is
		used   bool
	}{
		"away":                          {networks.Unavailable, 90 * time.Second, time.Minute, true},
		"asked too much":                {networks.RateLimited, 90 * time.Second, time.Minute, true},
		"an answer was lost":            {networks.Ambiguous, 90 * time.Second, time.Minute, true},
		"the registration is wrong":     {networks.Misconfigured, 90 * time.Second, time.Minute, true},
		"the authorization has ended":   {networks.Reauth, 90 * time.Second, time.Minute, false},
		"it is about to expire":         {networks.Unavailable, 60 * time.Second, time.Minute, false},
		"whoever asks wants it lasting": {networks.Unavailable, 90 * time.Second, 0, false},
	} {
		network := &endpoint{Connector: w.Networks[sandbox.Name], answer: &networks.Failure{Kind: c.kind, Code: "endpoint"}}
		_, err := w.Pool.Exec(w.Ctx, "update vault.connections set expires_at = $1", now.Add(c.lasts))
		require.NoError(t, err)
		loan := lend.Loan{Vault: w.Vault, Connector: network, Connection: id, Until: now.Add(2 * time.Minute)}
		if c.enough > 0 {
			loan.Enough = now.Add(c.enough)
		}
		used := false
		err = loan.Through(w.Ctx, func(credential networks.Credential) error {
			used = !credential.IsZero()
			return nil
		})
		require.Equal(t, c.used, used, name)
		require.Equal(t, 1, network.asked, name)
		if c.used {
			require.NoError(t, err, name)
			continue
		}
		var closed *lend.ClosedError
		require.ErrorAs(t, err, &closed, name)
		require.Equal(t, c.kind, networks.KindOf(err), name)
	}
}

// What is gone by the time that it is to be refreshed is not used any more.
func TestGoneMeanwhile(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.ConnectionOf(w.Olivia)
	loan := lend.Loan{
		Vault: w.Vault, Connector: w.Networks[sandbox.Name], Connection: id,
		Until: time.Now().Add(time.Hour), Enough: time.Now(), // it lasts ten minutes
	}
	locked, err := w.Pool.Begin(w.Ctx)
	require.NoError(t, err)
	_, err = locked.Exec(w.Ctx, "delete from vault.connections where id = $1", [16]byte(id))
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		done <- loan.Through(w.Ctx, func(networks.Credential) error {
			t.Error("it was used")
			return nil
		})
	}()
	require.Eventually(t, func() bool { // it was opened, and waits for the row
		var waits bool
		err := w.Admin.QueryRow(w.Ctx, "select exists (select from pg_locks where not granted)").Scan(&waits)
		return err == nil && waits
	}, time.Minute, 10*time.Millisecond)
	require.NoError(t, locked.Commit(w.Ctx))
	err = <-done
	var closed *lend.ClosedError
	require.ErrorAs(t, err, &closed)
	require.True(t, closed.Gone())
}

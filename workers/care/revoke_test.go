package care_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/vault"
	"behalf/workers/workerstest"
)

// Who disconnects has what is stored destroyed at once, and ended at the
// network: tried again while the network is away, and not for ever.
func TestDisconnecting(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	revoker := revoking(w, networks.Capabilities{Revoking: true})
	id := w.ConnectionOf(w.Olivia)
	w.As(w.Olivia, &account.DisconnectAccount{Account: w.Account})
	settle(w)
	_, _, err := w.Vault.Open(w.Ctx, id)
	require.Error(t, err)
	require.Equal(t, 1, count(w, "select count(*) from vault.revocations"))
	require.Empty(t, w.Outages(), "who disconnects is not asked to connect")

	revoker.answers = []error{&networks.Failure{Kind: networks.Unavailable}, nil}
	round(w, 0)
	require.Equal(t, 1, count(w, "select count(*) from vault.revocations"))
	round(w, 10*time.Minute)
	require.Zero(t, count(w, "select count(*) from vault.revocations"))
	require.Equal(t, 2, revoker.calls)

	// R62, and removing an account, revoke as well
	w.Connect(w.Olivia)
	w.As(w.Olivia, &assignment.RemoveAccount{Account: w.Account})
	settle(w)
	require.Equal(t, 1, count(w, "select count(*) from vault.revocations"))
	round(w, 0)
	require.Equal(t, 3, revoker.calls)
}

// What a holder gives up takes along what it had replaced. Where revoking ends
// all that a person allowed, it is left undone while another connection is
// theirs; elsewhere, while another one was given the very same authorization.
func TestRevokingSparesOtherConnections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		revokesPerson bool
		other         func(*workerstest.World) // somewhere else
		calls         int
	}{
		"all of the person's, of whom nothing else is": {true, nil, 2},
		"all of the person's, who is elsewhere too":    {true, elsewhere("olivia", "another"), 0},
		"all of the person's, somebody else is there":  {true, elsewhere("carl", "another"), 2},
		"one authorization of several":                 {false, elsewhere("olivia", "another"), 2},
		"one that was given twice":                     {false, elsewhere("olivia", ""), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			revoker := revoking(w, networks.Capabilities{Revoking: true, RevokesPerson: c.revokesPerson})
			w.Connect(w.Olivia) // the replaced connection is still there
			if c.other != nil {
				c.other(w)
			}
			own := "select count(*) from vault.connections where workspace_id = '" + uuidOf(domain.ConnectionID(w.Workspace)) + "'"
			require.Equal(t, 2, count(w, own))
			w.As(w.Olivia, &account.DisconnectAccount{Account: w.Account})
			settle(w)
			require.Zero(t, count(w, own))
			round(w, 0)
			require.Equal(t, c.calls, revoker.calls)
			require.Zero(t, count(w, "select count(*) from vault.revocations"))
			if c.other != nil {
				require.Equal(t, 1, count(w, "select count(*) from vault.connections"))
			}
		})
	}
}

// Who gives up a connection while they connect anew, and have still to choose an
// account, may have been granted the authorization that is to be revoked: it is
// left until they have chosen, or have not in time.
func TestRevokingWaitsForAnOpenGrant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		chooses bool
		calls   int
	}{
		"they choose": {true, 0},
		"they do not": {false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			revoker := revoking(w, networks.Capabilities{Revoking: true})
			connectAgain := elsewhere("olivia", "")
			if c.chooses {
				connectAgain(w)
			}
			w.As(w.Olivia, &account.DisconnectAccount{Account: w.Account})
			settle(w)
			_, err := w.Admin.Exec(w.Ctx, `
				insert into vault.grants (id, workspace_id, user_id, network, sealed)
				values (gen_random_uuid(), $1, $2, $3, 'token')`, [16]byte(w.Workspace), [16]byte(w.Olivia), sandbox.Name)
			require.NoError(t, err)
			round(w, 0)
			require.Equal(t, 1, count(w, "select count(*) from vault.revocations"))
			require.Zero(t, revoker.calls)

			_, err = w.Admin.Exec(w.Ctx, "update vault.grants set expires_at = now() - interval '1 second'")
			require.NoError(t, err)
			round(w, 10*time.Minute)
			require.Zero(t, count(w, "select count(*) from vault.revocations"))
			require.Equal(t, c.calls, revoker.calls)
		})
	}
}

// elsewhere has a person of the network be connected in another workspace, with
// a token, or with the same authorization as Olivia here.
func elsewhere(person, token string) func(*workerstest.World) {
	return func(w *workerstest.World) {
		w.Helper()
		credential := networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret(token)})
		if token == "" {
			credential = networks.NewOAuth2(tokens(w, w.ConnectionOf(w.Olivia)))
		}
		sealed, err := credential.Seal()
		require.NoError(w, err)
		require.NoError(w, w.Vault.Store(w.Ctx, vault.Connection{
			ID: eventstore.Fresh(), Workspace: eventstore.Fresh(), Account: eventstore.Fresh(), Holder: w.Olivia,
			Kind: string(credential.Kind()), Network: sandbox.Name, Person: person,
		}, vault.NewSecret(sealed)))
	}
}

// revoker is the sandbox as if it could revoke.
type revoker struct {
	networks.Connector
	like    networks.Capabilities
	answers []error
	calls   int
}

func revoking(w *workerstest.World, like networks.Capabilities) *revoker {
	r := &revoker{Connector: w.Networks[sandbox.Name], like: like}
	w.Networks = networks.Registry{sandbox.Name: r}
	return r
}

func (r *revoker) Capabilities() networks.Capabilities {
	c := r.Connector.Capabilities()
	c.Revoking, c.RevokesPerson = r.like.Revoking, r.like.RevokesPerson
	return c
}

func (r *revoker) Revoke(context.Context, networks.Credential) error {
	r.calls++
	if len(r.answers) == 0 {
		return nil
	}
	answer := r.answers[0]
	r.answers = r.answers[1:]
	return answer
}

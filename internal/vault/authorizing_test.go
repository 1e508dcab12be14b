package vault_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/vault"
)

func TestAuthorizationIsTakenOnceByItsSession(t *testing.T) {
	t.Parallel()
	api, _, admin := rooms(t)
	c := connection()
	begun := vault.Authorization{Workspace: c.Workspace, User: c.Holder, Session: []byte("hash of a session"), Network: "sandbox"}
	require.NoError(t, api.BeginAuthorization(t.Context(), "state", begun, secret("verifier")))
	require.Error(t, api.BeginAuthorization(t.Context(), "state", begun, secret("verifier")), "a state is used once")

	_, _, err := api.TakeAuthorization(t.Context(), "state", []byte("hash of another session"))
	require.ErrorIs(t, err, vault.ErrNotFound)
	_, _, err = api.TakeAuthorization(t.Context(), "another state", begun.Session)
	require.ErrorIs(t, err, vault.ErrNotFound)
	_, _, err = api.TakeAuthorization(t.Context(), "", nil)
	require.ErrorIs(t, err, vault.ErrNotFound)

	var stored string
	require.NoError(t, admin.QueryRow(t.Context(), `select a::text from vault.authorizations as a`).Scan(&stored))
	require.NotContains(t, stored, "7374617465", "the state is stored as a hash only")

	var taken atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			a, verifier, err := api.TakeAuthorization(context.WithoutCancel(t.Context()), "state", begun.Session)
			if err == nil && verifier.Equal(secret("verifier")) && a.Workspace == begun.Workspace && a.User == begun.User {
				taken.Add(1)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, taken.Load())
}

func TestGrantIsTakenOnceByItsMember(t *testing.T) {
	t.Parallel()
	api, _, _ := rooms(t)
	c := connection()
	id, err := api.StoreGrant(t.Context(), vault.Grant{Workspace: c.Workspace, User: c.Holder, Network: "sandbox"}, secret("tokens"))
	require.NoError(t, err)

	_, _, err = api.TakeGrant(t.Context(), c.Workspace, connection().Holder, id)
	require.ErrorIs(t, err, vault.ErrNotFound)
	_, _, err = api.TakeGrant(t.Context(), connection().Workspace, c.Holder, id)
	require.ErrorIs(t, err, vault.ErrNotFound)
	for range 2 {
		shown, tokens, err := api.PeekGrant(t.Context(), c.Workspace, c.Holder, id)
		require.NoError(t, err)
		require.Equal(t, "sandbox", shown.Network)
		require.True(t, tokens.Equal(secret("tokens")))
	}
	taken, tokens, err := api.TakeGrant(t.Context(), c.Workspace, c.Holder, id)
	require.NoError(t, err)
	require.Equal(t, vault.Grant{ID: id, Workspace: c.Workspace, User: c.Holder, Network: "sandbox"}, taken)
	require.True(t, tokens.Equal(secret("tokens")))
	_, _, err = api.TakeGrant(t.Context(), c.Workspace, c.Holder, id)
	require.ErrorIs(t, err, vault.ErrNotFound)
	_, _, err = api.PeekGrant(t.Context(), c.Workspace, c.Holder, id)
	require.ErrorIs(t, err, vault.ErrNotFound)
}

func TestTamperedAuthorizationsDoNotOpen(t *testing.T) {
	t.Parallel()
	api, _, admin := rooms(t)
	c, another := connection(), connection()
	session := []byte("hash of a session")
	a := vault.Authorization{Workspace: c.Workspace, User: c.Holder, Session: session, Network: "sandbox"}
	require.NoError(t, api.BeginAuthorization(t.Context(), "state", a, secret(planted)))
	exec(t, admin, `update vault.authorizations set user_id = $1`, [16]byte(another.Holder))
	_, verifier, err := api.TakeAuthorization(t.Context(), "state", session)
	require.ErrorIs(t, err, vault.ErrTampered)
	require.True(t, verifier.IsEmpty())

	id, err := api.StoreGrant(t.Context(), vault.Grant{Workspace: c.Workspace, User: c.Holder, Network: "sandbox"}, secret(planted))
	require.NoError(t, err)
	exec(t, admin, `update vault.grants set user_id = $1`, [16]byte(another.Holder))
	_, tokens, err := api.TakeGrant(t.Context(), c.Workspace, another.Holder, id)
	require.ErrorIs(t, err, vault.ErrTampered)
	require.True(t, tokens.IsEmpty())
}

package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// manual connects, knows the account and its identities, and publishes nothing.
func (s Subject) manual(t *testing.T) {
	w := s.Start(t, wire.Options{})
	credential := s.connect(t, w, fake.Olivia)
	require.Equal(t, networks.KindManual, credential.Kind())
	require.False(t, credential.Refreshable())
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.NotNil(t, find(accounts, w.Account), "%+v", accounts)
	session := networks.Session{Credential: credential, Account: w.Account}
	_, err = w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	session.Account = "somewhere-else"
	_, err = w.VerifyAccess(t.Context(), session)
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
	session.Account = w.Account

	a := attempt(hello)
	prepared, err := w.Prepare(t.Context(), session, a, keep)
	require.NoError(t, err)
	require.NoError(t, w.Discard(t.Context(), session, prepared))
	_, err = w.Publish(t.Context(), session, a)
	require.ErrorIs(t, err, networks.ErrUnsupported)
	verdict, err := w.Reconcile(t.Context(), session, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Unknown}, verdict)
	require.ErrorIs(t, w.Delete(t.Context(), session, "1"), networks.ErrUnsupported)
	require.ErrorIs(t, w.Revoke(t.Context(), credential), networks.ErrUnsupported)
	_, err = w.Refresh(t.Context(), credential)
	require.ErrorIs(t, err, networks.ErrUnsupported)
}

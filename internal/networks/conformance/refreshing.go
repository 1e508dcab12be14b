package conformance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// expired leads to Reauth, and a refreshed credential works again.
func (s Subject) expired(t *testing.T) {
	w := s.begin(t, wire.Options{})
	if w.Expire == nil {
		t.Skip("access tokens do not expire")
	}
	a := w.prepared(t.Context(), attempt(hello))
	w.Expire(t)
	_, err := w.VerifyAccess(t.Context(), w.session)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	_, err = w.Publish(t.Context(), w.session, a)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	require.Empty(t, w.Posts(t))
	if !w.credential.Refreshable() {
		_, err = w.Refresh(t.Context(), w.credential)
		require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
		return
	}
	w.session.Credential, err = w.Refresh(t.Context(), w.credential)
	require.NoError(t, err)
	require.True(t, w.session.Credential.ExpiresAt().IsZero() || // told in whole seconds, counted from when it was heard
		w.session.Credential.ExpiresAt().After(w.credential.ExpiresAt().Add(-2*time.Second)))
	_, err = w.VerifyAccess(t.Context(), w.session)
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), w.session, a)
	require.NoError(t, err)
	require.Len(t, w.Posts(t), 1)
}

// rotated tells what came of a refresh, whatever the network does with the old
// refresh token, and keeps that one when the answer names none (R46).
func (s Subject) rotated(t *testing.T) {
	w := s.begin(t, wire.Options{})
	if !w.credential.Refreshable() || s.Calls.Refresh == "" {
		t.Skip("nothing is refreshed")
	}
	for kind, want := range map[fake.Kind]networks.FailureKind{
		fake.FailBefore: networks.Ambiguous, fake.FailAfter: networks.Ambiguous,
		fake.ResetBefore: networks.Ambiguous, fake.Malformed: networks.Ambiguous,
		fake.Redirect: networks.Ambiguous,
	} {
		other := s.begin(t, wire.Options{})
		other.Gate.Arm(fake.Fault{On: s.Calls.Refresh, Kind: kind, Times: 1})
		_, err := other.Refresh(t.Context(), other.credential)
		require.Equal(t, want, networks.KindOf(err), "%s: %v", kind, err)
	}
	second, err := w.Refresh(t.Context(), w.credential)
	require.NoError(t, err)
	w.session.Credential = second
	_, err = w.VerifyAccess(t.Context(), w.session)
	require.NoError(t, err)
	before, _ := w.credential.OAuth2()
	if before.RefreshToken.IsZero() {
		return
	}
	tokens, _ := second.OAuth2()
	require.False(t, tokens.RefreshToken.IsZero())
	w.Gate.Arm(fake.Fault{On: s.Calls.Refresh, Kind: fake.Refuse, Times: 1, Answer: fake.Answer{
		Status: 200, Body: `{"access_token":"newer","token_type":"bearer","expires_in":60}`,
	}})
	third, err := w.Refresh(t.Context(), second)
	require.NoError(t, err)
	after, _ := third.OAuth2()
	require.Equal(t, "newer", after.AccessToken.Reveal())
	require.True(t, after.RefreshToken.Equal(tokens.RefreshToken))
	require.Equal(t, tokens.Host, after.Host)
	require.Equal(t, tokens.AccountToken.Reveal(), after.AccountToken.Reveal())
}

// ended is an authorization that the person took back at the network.
func (s Subject) ended(t *testing.T) {
	w := s.begin(t, wire.Options{})
	if w.End == nil {
		t.Skip("it cannot be taken back here")
	}
	a := w.prepared(t.Context(), attempt(hello))
	w.End(t, fake.Olivia)
	_, err := w.VerifyAccess(t.Context(), w.session)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	_, err = w.Publish(t.Context(), w.session, a)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	if w.credential.Refreshable() {
		_, err = w.Refresh(t.Context(), w.credential)
		require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	}
	require.Empty(t, w.Posts(t))
}

// revoking ends the authorization at the network, as often as one likes. Another
// one of the same person ends with it only where the capabilities say so.
func (s Subject) revoking(t *testing.T) {
	w := s.begin(t, wire.Options{})
	other := networks.Session{Credential: s.connect(t, w.World, fake.Olivia), Account: w.Account}
	err := w.Revoke(t.Context(), w.credential)
	if !w.caps.Revoking {
		require.ErrorIs(t, err, networks.ErrUnsupported)
		return
	}
	require.NoError(t, err)
	if s.Outlives {
		if w.Expire != nil {
			w.Expire(t)
		}
		_, err = w.Refresh(t.Context(), w.credential)
		require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	}
	if !s.Outlives || w.Expire != nil {
		_, err = w.VerifyAccess(t.Context(), w.session)
		require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
	}
	if s.Outlives && w.Expire != nil {
		other.Credential, err = w.Refresh(t.Context(), other.Credential)
		require.NoError(t, err)
	}
	_, err = w.VerifyAccess(t.Context(), other)
	if w.caps.RevokesPerson {
		require.Equal(t, networks.Reauth, networks.KindOf(err), "all that the person allowed has ended: %v", err)
	} else {
		require.NoError(t, err, "another authorization of the same person lives on")
	}
	require.NoError(t, w.Revoke(t.Context(), w.credential), "ended already is no failure")
}

package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

func TestAuthorizing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	credential := w.authorized(t, w.olivia)
	require.True(t, credential.Refreshable())
	require.False(t, credential.ExpiresAt().IsZero())

	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Equal(t, []networks.Account{{
		RemoteID: networktest.Page, Name: "Acme News", URL: w.URL + "/pages/" + networktest.Page,
		Identities: []networks.Identity{{RemoteID: "newsroom", Name: "Acme Newsroom"}},
	}}, accounts)
}

func TestDenial(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	back, err := w.olivia.Deny(t.Context(), start.URL)
	require.NoError(t, err)
	_, err = w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.Equal(t, networks.Denied, networks.KindOf(err))
}

func TestForeignAndRepeatedCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	other, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	require.NotEqual(t, start.State, other.State)
	back, err := w.olivia.Allow(t.Context(), start.URL)
	require.NoError(t, err)

	for name, pending := range map[string]networks.Pending{"foreign": other.Pending, "none": {}} {
		_, err = w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: pending})
		require.Equal(t, networks.Rejected, networks.KindOf(err), name)
		require.ErrorContains(t, err, "state_mismatch", name)
	}

	// The verifier of another start does not fit the challenge of this one.
	mixed := start.Pending
	mixed.Verifier = other.Pending.Verifier
	_, err = w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: mixed})
	require.Equal(t, networks.Reauth, networks.KindOf(err))

	// A code is good for one exchange only, whatever came of it.
	_, err = w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	first := w.authorized(t, w.olivia)
	second, err := w.Refresh(t.Context(), first)
	require.NoError(t, err)
	before, _ := first.OAuth2()
	after, _ := second.OAuth2()
	require.False(t, before.RefreshToken.Equal(after.RefreshToken))
	require.False(t, before.AccessToken.Equal(after.AccessToken))
	_, err = w.VerifyAccess(t.Context(), w.session(second))
	require.NoError(t, err)

	// A replayed refresh token ends the family, the new tokens included.
	_, err = w.Refresh(t.Context(), first)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = w.Refresh(t.Context(), second)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = w.VerifyAccess(t.Context(), w.session(second))
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

// R46: an answer without a refresh token never erases the stored one.
func TestRefreshKeepsTheRefreshToken(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"new","token_type":"bearer","expires_in":60}`))
	}))
	t.Cleanup(server.Close)
	c := connect(t, server.URL, wire.Options{})
	renewed, err := c.Refresh(t.Context(), networks.NewOAuth2(networks.OAuth2{
		AccessToken: networks.NewSecret("old"), RefreshToken: networks.NewSecret("kept"),
	}))
	require.NoError(t, err)
	tokens, _ := renewed.OAuth2()
	require.Equal(t, "new", tokens.AccessToken.Reveal())
	require.Equal(t, "kept", tokens.RefreshToken.Reveal())
	require.True(t, tokens.Expiry.After(time.Now()))
}

func TestRefreshFaults(t *testing.T) {
	t.Parallel()
	for kind, want := range map[control.Kind]networks.FailureKind{
		control.InvalidGrant: networks.Reauth,
		control.RateLimited:  networks.RateLimited,
		control.FailBefore:   networks.Ambiguous,
		control.FailAfter:    networks.Ambiguous,
		control.ResetBefore:  networks.Ambiguous,
		control.ResetAfter:   networks.Ambiguous,
		control.HangBefore:   networks.Ambiguous,
		control.HangAfter:    networks.Ambiguous,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wire.Options{})
			credential := w.authorized(t, w.olivia)
			require.NoError(t, w.Control.Arm(t.Context(), control.Fault{Call: control.Refresh, Kind: kind, Times: 1}))
			_, err := w.impatient(t, kind).Refresh(t.Context(), credential)
			require.Equal(t, want, networks.KindOf(err), "%v", err)
		})
	}
}

// The client's own mistake is an operator's matter, not the person's (R45).
func TestWrongClientSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	credential := w.authorized(t, w.olivia)
	stranger := connectAs(t, w.URL, "not the secret")
	_, err := stranger.Refresh(t.Context(), credential)
	require.Equal(t, networks.Misconfigured, networks.KindOf(err))
	_, err = w.Refresh(t.Context(), credential)
	require.NoError(t, err)
}

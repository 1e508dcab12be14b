//go:build networks

package realtest_test

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/mastodon"
	"behalf/internal/networks/mastodon/mastodontest"
)

// TestMastodon needs a server that somebody else runs, and the tokens of two
// people on it, with the connector's scopes: a server asks its people for their
// consent in a browser, each kind in its own way.
//
//	BEHALF_TEST_MASTODON_URL=http://127.0.0.1:3000
//	BEHALF_TEST_MASTODON_TOKENS=token-of-one,token-of-another
func TestMastodon(t *testing.T) {
	address := os.Getenv("BEHALF_TEST_MASTODON_URL")
	if address == "" {
		t.Skip("BEHALF_TEST_MASTODON_URL names no server")
	}
	s := before(t, strings.TrimSuffix(address, "/"))
	c := mastodon.New(mastodon.Config{Registrations: &mastodontest.Registrations{}, Guard: loopback, Wire: patient, Poll: 200 * time.Millisecond})
	t.Cleanup(c.Close)

	start, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: s.URL})
	require.NoError(t, err)
	page, err := url.Parse(start.URL)
	require.NoError(t, err)
	require.NotEmpty(t, page.Query().Get("client_id"), "registered")
	_, err = c.Exchange(t.Context(), networks.Callback{Query: url.Values{"state": {start.State}, "code": {"nonsense"}}, Pending: start.Pending})
	require.Equal(t, networks.Reauth, networks.KindOf(err))

	var sessions []networks.Session
	for token := range strings.SplitSeq(os.Getenv("BEHALF_TEST_MASTODON_TOKENS"), ",") {
		if token == "" {
			continue
		}
		credential := networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret(token), Host: s.URL})
		accounts, err := c.Accounts(t.Context(), credential)
		require.NoError(t, err)
		sessions = append(sessions, networks.Session{Credential: credential, Account: accounts[0].RemoteID})
	}
	if len(sessions) < 2 {
		t.Skip("BEHALF_TEST_MASTODON_TOKENS holds fewer than two tokens")
	}
	forged := sessions[0]
	forged.Account = sessions[1].Account
	_, err = c.VerifyAccess(t.Context(), forged)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = c.Limits(t.Context(), sessions[0].Account)
	require.NoError(t, err)
	run := time.Now().Format("150405")
	for _, session := range sessions {
		live := publishes(t, c, session, attempt(t, "Key_-"+run, "Hello <world> & all "+run))
		require.NoError(t, c.Delete(t.Context(), session, live.RemoteID))
		require.NoError(t, c.Delete(t.Context(), session, live.RemoteID))
	}
	findsOut(t, c, sessions[0], s, fake.Fault{On: "POST /api/v1/statuses"})
	wrong := networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret("nonsense"), Host: s.URL})
	_, err = c.Accounts(t.Context(), wrong)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

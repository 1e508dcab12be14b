package mastodon_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/mastodon/mastodontest"
)

func TestConnecting(t *testing.T) {
	t.Parallel()
	for _, before43 := range []bool{false, true} {
		w := newWorld(t)
		w.NoPKCE, w.Old = before43, before43
		s := w.session(t, mastodontest.Olivia)
		require.Equal(t, w.URL+"#1", s.Account)
		require.False(t, s.Credential.Refreshable())
		require.Zero(t, s.Credential.ExpiresAt())
		require.Len(t, w.Requests("POST /api/v1/apps"), 1)
		_ = w.session(t, mastodontest.Carl)
		require.Len(t, w.Requests("POST /api/v1/apps"), 1, "registered once")
		_, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect + "/2", Host: w.URL})
		require.NoError(t, err)
		require.Len(t, w.Requests("POST /api/v1/apps"), 2, "another address needs another registration")
	}
}

// A server that sends people on to another one gets nothing of what that one
// answers: it comes back at the other's address.
func TestEachServerHasItsOwnRedirect(t *testing.T) {
	t.Parallel()
	here, there := newWorld(t), newWorld(t)
	one, again, other := here.start(t), here.start(t), there.start(t)
	require.Equal(t, one.Pending.RedirectURI, again.Pending.RedirectURI)
	require.NotEqual(t, one.Pending.RedirectURI, other.Pending.RedirectURI)
	for _, start := range []networks.AuthStart{one, other} {
		sent, err := url.Parse(start.URL)
		require.NoError(t, err)
		require.Equal(t, start.Pending.RedirectURI, sent.Query().Get("redirect_uri"))
		require.True(t, strings.HasPrefix(start.Pending.RedirectURI, redirect+"/"))
	}
}

// A server that knows PKCE is never gone to without, because it was busy when it
// was asked; one that has no such document does not know it.
func TestWhetherAServerKnowsPKCE(t *testing.T) {
	t.Parallel()
	const metadata = "GET /.well-known/oauth-authorization-server"
	for name, c := range map[string]struct {
		fault fake.Fault
		kind  networks.FailureKind // empty: people are sent there
		pkce  bool
	}{
		"it says so":            {fake.Fault{}, "", true},
		"it is broken":          {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 503}}, networks.Unavailable, false},
		"a gateway is":          {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 502, Body: "<html>"}}, networks.Unavailable, false},
		"it was asked too much": {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 429, Body: `{"error":"Too many requests"}`}}, networks.Unavailable, false},
		"it hides it":           {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 403}}, "", false},
		"it does not answer":    {fake.Fault{On: metadata, Kind: fake.ResetBefore}, networks.Unavailable, false},
		"it has none":           {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 404}}, "", false},
		"it shows a page":       {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 200, Body: "<html>"}}, "", false},
		"it knows another kind": {fake.Fault{On: metadata, Kind: fake.Refuse, Answer: fake.Answer{Status: 200, Body: `{"code_challenge_methods_supported":["plain"]}`}}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.fault.On != "" {
				w.Gate.Arm(c.fault)
			}
			start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL})
			require.Equal(t, c.kind, networks.KindOf(err), "%v", err)
			require.Equal(t, c.pkce, strings.Contains(start.URL, "code_challenge_method=S256"))
			require.Equal(t, c.pkce, !start.Pending.Verifier.IsZero())
		})
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := w.start(t)
	back, err := w.Deny(t.Context(), start.URL)
	require.NoError(t, err)
	_, err = w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.Equal(t, networks.Denied, networks.KindOf(err))
	for name, change := range map[string]func(url.Values){
		"another state":  func(v url.Values) { v.Set("state", "another") },
		"another server": func(v url.Values) { v.Set("iss", "https://evil.example/") },
		"no code":        func(v url.Values) { v.Del("code") },
	} {
		cb := w.callback(t, mastodontest.Olivia)
		change(cb.Query)
		before := len(w.Requests("POST /oauth/token"))
		_, err := w.Exchange(t.Context(), cb)
		require.Equal(t, networks.Rejected, networks.KindOf(err), name)
		require.Len(t, w.Requests("POST /oauth/token"), before, name)
	}
	cb := w.callback(t, mastodontest.Olivia)
	_, err = w.Exchange(t.Context(), cb)
	require.NoError(t, err)
	_, err = w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "a code works once")
	cb = w.callback(t, mastodontest.Olivia)
	cb.Pending.Verifier = networks.NewSecret("another-verifier-that-is-long-enough-to-be-one")
	_, err = w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = w.Refresh(t.Context(), networks.NewManual(networks.Manual{}))
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestAServerThatForgotUs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cb := w.callback(t, mastodontest.Olivia)
	w.ForgetApps()
	_, err := w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_ = w.session(t, mastodontest.Olivia) // the next try has a registration
	require.Len(t, w.Requests("POST /api/v1/apps"), 2)
}

func TestRevoking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	_, err := w.VerifyAccess(t.Context(), s)
	require.NoError(t, err)
	require.NoError(t, w.Revoke(t.Context(), s.Credential))
	require.NoError(t, w.Revoke(t.Context(), s.Credential))
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	other := w.session(t, mastodontest.Carl)
	s.Account, other.Account = other.Account, s.Account
	_, err := w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	s.Account = "https://other.example#1"
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	s = w.session(t, mastodontest.Olivia)
	w.Disable(mastodontest.Olivia)
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.Publish(t.Context(), s, hello())
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
}

func TestWhatIsNoServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	serve := func(handler http.HandlerFunc) string {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL
	}
	moved := serve(func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, w.URL+r.URL.Path, http.StatusMovedPermanently)
	})
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: moved})
	require.NoError(t, err)
	require.Equal(t, w.URL, start.Pending.Host)
	for name, typed := range map[string]string{
		"not a host": "nowhere",
		"a page":     serve(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) }),
		"nothing":    serve(http.NotFound),
		"leads inside": serve(func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "http://169.254.169.254/", http.StatusFound)
		}),
		"private": "https://10.0.0.1",
	} {
		_, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: typed})
		require.Equal(t, networks.Rejected, networks.KindOf(err), name)
	}
}

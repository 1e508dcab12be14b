package wordpress_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wordpress/wordpresstest"
)

func TestConnecting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL + "/wp-admin/profile.php"})
	require.NoError(t, err)
	page, err := url.Parse(start.URL)
	require.NoError(t, err)
	require.Equal(t, "/wp-admin/authorize-application.php", page.Path)
	require.Regexp(t, `^Behalf \d{4}-\d\d-\d\d [A-Z2-7]{4}$`, page.Query().Get("app_name"))

	back, err := w.Allow(start.URL, "eve")
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), callback(t, start, back))
	require.NoError(t, err)
	require.Equal(t, networks.KindAppPassword, credential.Kind())
	require.False(t, credential.Refreshable())

	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Len(t, accounts, 1)
	require.Equal(t, w.URL, accounts[0].RemoteID)
	require.Equal(t, "Acme Blog", accounts[0].Name)
	require.Contains(t, accounts[0].Identities, networks.Identity{RemoteID: "author:3", Name: "Anna"})

	require.Equal(t, 1, w.Passwords("eve"))
	require.NoError(t, w.Revoke(t.Context(), credential))
	require.Zero(t, w.Passwords("eve"))
	require.NoError(t, w.Revoke(t.Context(), credential), "gone already is no failure")
	_, err = w.Accounts(t.Context(), credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = w.Refresh(t.Context(), credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL})
	require.NoError(t, err)
	denied, err := w.Deny(start.URL)
	require.NoError(t, err)
	_, err = w.Exchange(t.Context(), callback(t, start, denied))
	require.Equal(t, networks.Denied, networks.KindOf(err))

	back, err := w.Allow(start.URL, "eve")
	require.NoError(t, err)
	for name, change := range map[string]func(networks.Callback){
		"another state": func(cb networks.Callback) { cb.Query.Set("state", "another") },
		"no state":      func(cb networks.Callback) { cb.Query.Del("state") },
		// A site that sends people to another site's page must not get that one's password.
		"another site": func(cb networks.Callback) { cb.Query.Set("site_url", "https://other.example") },
		"no site":      func(cb networks.Callback) { cb.Query.Del("site_url") },
		"no password":  func(cb networks.Callback) { cb.Query.Del("password") },
		"no user":      func(cb networks.Callback) { cb.Query.Del("user_login") },
	} {
		cb := callback(t, start, back)
		change(cb)
		before := len(w.Requests("GET /{$}", "users/me"))
		_, err := w.Exchange(t.Context(), cb)
		require.Equal(t, networks.Rejected, networks.KindOf(err), name)
		require.Len(t, w.Requests("GET /{$}", "users/me"), before, name)
	}
	cb := callback(t, start, back)
	cb.Query.Set("password", "wrong")
	_, err = w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestTheForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.WithoutConsent()
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL})
	require.NoError(t, err)
	require.Empty(t, start.URL)
	require.Len(t, start.Form, 2)
	require.True(t, start.Form[1].Secret)
	cb := networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
		"user": networks.NewSecret(" eve "), "password": networks.NewSecret(w.Password("eve")),
	}}
	credential, err := w.Exchange(t.Context(), cb)
	require.NoError(t, err)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Len(t, accounts, 1)

	cb.Fields["password"] = networks.NewSecret("wrong")
	_, err = w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	cb.Fields["user"] = networks.Secret{}
	_, err = w.Exchange(t.Context(), cb)
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

// One site has one address, whatever people type.
func TestOneSiteHasOneAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	moved := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, w.URL+"/?"+r.URL.RawQuery, http.StatusMovedPermanently)
	}))
	t.Cleanup(moved.Close)
	alias := wordpresstest.Start(t)
	alias.CallHome(w.URL)
	for _, typed := range []string{w.URL, w.URL + "/", w.URL + "/wp-login.php?x=1", moved.URL, alias.URL} {
		start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: typed})
		require.NoError(t, err, typed)
		require.Equal(t, w.URL, start.Pending.Host, typed)
	}
}

func TestWhatIsNoSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	serve := func(handler http.HandlerFunc) string {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL
	}
	elsewhere := wordpresstest.Start(t)
	elsewhere.CallHome("http://10.0.0.1")
	var loop string
	loop = serve(func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, loop+"/x"+r.URL.Path, http.StatusFound)
	})
	for name, typed := range map[string]string{
		"not a host":  "nowhere",
		"a page":      serve(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) }),
		"another API": serve(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(`{"namespaces":["other/v1"]}`)) }),
		"no REST API": serve(http.NotFound),
		"leads inside": serve(func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "http://169.254.169.254/", http.StatusFound)
		}),
		"a home inside":   elsewhere.URL,
		"round and round": loop,
		"private":         "https://10.0.0.1",
		"a redirect nowhere": serve(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", "://")
			rw.WriteHeader(http.StatusFound)
		}),
	} {
		_, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: typed})
		require.Equal(t, networks.Rejected, networks.KindOf(err), name)
	}
	down := serve(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) })
	_, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: down})
	require.Equal(t, networks.Unavailable, networks.KindOf(err))
}

// In production nothing on this machine is asked, and nothing over plain HTTP.
func TestOnlyThePublicInternet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := connectPublic(t, wire.Options{})
	_, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL})
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	_, err = c.Accounts(t.Context(), w.session("eve").Credential)
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	require.ErrorIs(t, err, wire.ErrForbidden)
	require.Empty(t, w.Requests(""))
	_, err = c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: strings.Replace(w.URL, "http://", "", 1)})
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

// Who connects again while an older password of theirs stands is let through by the
// site: it refuses a second one of the same name.
func TestConnectingTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL})
		require.NoError(t, err)
		_, err = w.Site.Allow(start.URL, "olivia")
		require.NoError(t, err)
	}
}

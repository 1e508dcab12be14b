package oidc_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/api/oidc"
	"behalf/api/oidc/oidctest"
	"behalf/internal/vault"
)

// world is a Behalf, and a provider that it knows as "acme".
type world struct {
	*apitest.World
	url      string
	provider *oidctest.Provider
}

func start(t testing.TB) *world {
	t.Helper()
	w := &world{World: apitest.Start(t)}
	server := httptest.NewUnstartedServer(nil)
	w.url = "http://" + server.Listener.Addr().String()
	w.provider = oidctest.Start(t, oidc.RedirectURI(w.url, "acme"))
	server.Config.Handler = w.Handler(t, func(d *api.Deps) {
		d.PublicURL = w.url
		d.Providers = []*oidc.Provider{
			oidc.NewProvider("acme", w.provider.URL, oidctest.ClientID, vault.NewSecret([]byte(oidctest.Secret))),
		}
	})
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// browser remembers the cookie that binds it.
type browser struct {
	*apitest.Person
	world  *world
	cookie string
}

func (w *world) browser(t testing.TB) *browser { return &browser{Person: w.Nobody(t), world: w} }

// leave begins, and answers where the browser is sent to.
func (b *browser) leave(t testing.TB, path string) string {
	t.Helper()
	answer := b.Send(http.MethodPost, b.world.url+path, []byte(`{"delivery":"token"}`), "Content-Type", "application/json", "Cookie", b.cookie).
		Is(http.StatusCreated)
	var begun struct {
		URL string `json:"authorize_url"`
	}
	answer.Read(&begun)
	cookie := (&http.Response{Header: answer.Header}).Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	b.cookie = cookie.Name + "=" + cookie.Value
	return begun.URL
}

// back comes back from the provider.
func (b *browser) back(callback string) apitest.Answer {
	return b.Send(http.MethodGet, callback, nil, "Cookie", b.cookie)
}

const signInPath = "/v1/sign-in/acme"

// signIn goes there and back.
func (b *browser) signIn(t testing.TB) apitest.Answer {
	t.Helper()
	return b.back(b.world.provider.Visit(t, b.leave(t, signInPath)))
}

// link goes there and back as somebody who is signed in.
func (b *browser) link(t testing.TB) apitest.Answer {
	t.Helper()
	return b.back(b.world.provider.Visit(t, b.leave(t, "/v1/me/providers/acme")))
}

// with changes a parameter of an address.
func with(t testing.TB, address, name, value string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	query := parsed.Query()
	query.Set(name, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// as is a browser in which somebody is signed in.
func (w *world) as(t testing.TB, p *apitest.Person) *browser {
	t.Helper()
	return &browser{Person: p.With(t), world: w}
}

type signedIn struct {
	User, Email, Name, Token string
	Linked, Waiting          bool
}

func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

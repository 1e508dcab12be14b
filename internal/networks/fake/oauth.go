package fake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/oauth"
	"behalf/internal/networks/sandbox/network/store"
)

// What every OAuth half knows.
const (
	ClientID     = "behalf"
	ClientSecret = "client-secret-of-the-test"
	RedirectURI  = "https://behalf.example/connect/callback"
	password     = "password-of-everybody"
)

// CallbackURI is another one, where a whole Behalf expects people back from a
// network. Nobody is there: whoever tests brings them from there.
func CallbackURI(network string) string {
	return "https://behalf.example/v1/authorizations/callback/" + network
}

// The people of every fake.
const (
	Olivia = "olivia" // may post to the account
	Carl   = "carl"   // is somebody else
)

// OAuth is the OAuth 2.0 half of a fake network: the sandbox network's server,
// whose protocol is ory/fosite's.
type OAuth struct {
	*oauth.Server
	store *store.Store

	mu       sync.Mutex
	declined map[string]string // person → the scope that they leave out
}

// Decline has a person leave a scope out from now on.
func (o *OAuth) Decline(person, scope string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.declined[person] = scope
}

func (o *OAuth) declines(person, scope string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.declined[person] == scope
}

// NewOAuth knows Olivia, Carl and the client. Clients may ask for these scopes.
func NewOAuth(t testing.TB, pkce bool, scopes ...string) *OAuth {
	t.Helper()
	kept, err := store.Open("")
	require.NoError(t, err)
	hash, err := oauth.Hash(password)
	require.NoError(t, err)
	for _, name := range []string{Olivia, Carl} {
		require.NoError(t, kept.SetPassword(name, hash))
	}
	made := &OAuth{store: kept, declined: map[string]string{}}
	made.Server = oauth.New(kept, oauth.Config{
		AccessTokenLifetime: 2 * time.Hour, RefreshTokenLifetime: 30 * 24 * time.Hour,
		BaseURL: func(r *http.Request) string { return "http://" + r.Host },
		SignIn:  func(name, given string) bool { return (name == Olivia || name == Carl) && given == password },
		Scopes:  scopes, WithoutPKCE: !pkce, Declines: made.declines,
	})
	expected := []string{RedirectURI}
	for _, network := range []string{"facebook_pages", "linkedin", "linkedin_organization", "x"} {
		expected = append(expected, CallbackURI(network))
	}
	require.NoError(t, made.Register(oauth.Client{ID: ClientID, Secret: ClientSecret, RedirectURIs: expected}))
	return made
}

// Person says whose live token a request carries, with this scope; false for none.
func (o *OAuth) Person(r *http.Request, scope string) (name string, ok bool) {
	name, err := o.Authenticate(r, scope)
	return name, err == nil
}

// Scoped says whose live token it is and whether it has the scope.
func (o *OAuth) Scoped(r *http.Request, scope string) (name string, live, scoped bool) {
	name, err := o.Authenticate(r, scope)
	return name, err == nil || errors.Is(err, oauth.ErrScope), err == nil
}

// Expire makes every access token expire at once; refresh tokens stay good.
func (o *OAuth) Expire(t testing.TB) {
	t.Helper()
	require.NoError(t, o.store.ExpireAccess(time.Now().UTC().Add(-time.Second)))
}

// End takes back everything that a person authorized.
func (o *OAuth) End(t testing.TB, person string) {
	t.Helper()
	require.NoError(t, o.store.RevokePerson(person))
}

// Visit lets a person answer the consent page behind an address, and returns
// the query that the browser brings back.
func Visit(ctx context.Context, t testing.TB, person, address string, allow bool) url.Values {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	p := browser.Person{Name: person, Password: password, HTTP: &http.Client{Transport: transport}}
	answer := p.Allow
	if !allow {
		answer = p.Deny
	}
	back, err := answer(ctx, address)
	require.NoError(t, err)
	return back.Query()
}

package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/api/oidc"
	"behalf/api/oidc/oidctest"
	"behalf/internal/vault"
)

// Nothing that a provider says counts unless it signed it for us, now, for
// this departure.
func TestLies(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.SignUp(t, "olivia")
	w.provider.SignIn(olivias)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	says := func(name string, value any) oidctest.Lie {
		return oidctest.Lie{Claims: func(claims map[string]any) { claims[name] = value }}
	}
	for name, lie := range map[string]oidctest.Lie{
		"another nonce":         says("nonce", "canary-another-nonce"),
		"no nonce":              says("nonce", nil),
		"another audience":      says("aud", "somebody-else"),
		"several audiences":     says("aud", []string{oidctest.ClientID, "somebody-else"}),
		"another party":         says("azp", "somebody-else"),
		"expired":               says("exp", time.Now().Add(-time.Minute).Unix()),
		"not yet":               says("nbf", time.Now().Add(time.Hour).Unix()),
		"another issuer":        says("iss", "https://evil.example"),
		"nobody":                says("sub", ""),
		"a subject without end": says("sub", strings.Repeat("x", 256)),
		"another form":          says("email", 7),
		"another key":           {Key: other},
		"no id_token":           {NoToken: true},
		"a refused code": {Token: func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		}},
	} {
		w.provider.Lie(lie)
		w.browser(t).signIn(t).Problem(http.StatusConflict, "sign_in_failed")
		require.NotContains(t, w.Logs.String(), "canary-another-nonce", name)
	}
	w.provider.Lie(oidctest.Lie{})
	w.browser(t).signIn(t).Is(http.StatusOK) // it is the lies that were refused

	// somebody says no there; somebody else answers (RFC 9207)
	browser := w.browser(t)
	callback := w.provider.Visit(t, browser.leave(t, signInPath))
	browser.back(with(t, callback, "error", "access_denied")).Problem(http.StatusForbidden, "sign_in_denied")
	callback = w.provider.Visit(t, browser.leave(t, signInPath))
	browser.back(with(t, callback, "iss", "https://evil.example")).Problem(http.StatusConflict, "sign_in_failed")
	callback = w.provider.Visit(t, browser.leave(t, signInPath))
	browser.back(with(t, callback, "code", "x")).Problem(http.StatusConflict, "sign_in_failed")
}

// A provider that is away, at any moment, is nobody's fault here.
func TestProvidersThatAreAway(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.SignUp(t, "olivia")
	w.provider.SignIn(olivias)
	for _, token := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) },
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example", http.StatusTemporaryRedirect)
		},
		func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2<<20)) },
	} {
		w.provider.Lie(oidctest.Lie{Token: token})
		answer := w.browser(t).signIn(t)
		require.Contains(t, []int{http.StatusServiceUnavailable, http.StatusConflict}, answer.Status)
		require.NotContains(t, w.Logs.String(), oidctest.Secret)
	}
	browser := w.browser(t)
	callback := w.provider.Visit(t, browser.leave(t, signInPath))
	w.provider.Stop()
	answer := browser.back(callback)
	answer.Problem(http.StatusServiceUnavailable, "provider_unavailable")
	require.NotEmpty(t, answer.Header.Get("Retry-After"))
}

// A provider that is away when somebody begins is asked again the next time,
// and one that answers as somebody else is never believed.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	provider := oidctest.Start(t)
	handler := w.Handler(t, func(d *api.Deps) {
		d.Providers = []*oidc.Provider{
			oidc.NewProvider("away", "http://127.0.0.1:1", "x", vault.NewSecret([]byte("x"))),
			oidc.NewProvider("liar", provider.URL, "x", vault.NewSecret([]byte("x"))),
		}
	})
	server := serve(t, handler)
	w.Nobody(t).Post(server+"/v1/sign-in/away", map[string]any{}).Problem(http.StatusServiceUnavailable, "provider_unavailable")
	provider.Lie(oidctest.Lie{Issuer: "https://evil.example"})
	w.Nobody(t).Post(server+"/v1/sign-in/liar", map[string]any{}).Problem(http.StatusConflict, "sign_in_failed")
	provider.Lie(oidctest.Lie{})
	w.Nobody(t).Post(server+"/v1/sign-in/liar", map[string]any{}).Is(http.StatusCreated)
}

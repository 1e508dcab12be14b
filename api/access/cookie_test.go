package access_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/access"
	"behalf/api/apitest"
	"behalf/api/signin"
)

func TestCookie(t *testing.T) {
	t.Parallel()
	plain, secure := access.NewCookie("http://127.0.0.1"), access.NewCookie("https://behalf.example")
	for _, cookie := range []http.Cookie{plain.Set(signin.Session{}), secure.Set(signin.Session{}), plain.Clear(), secure.Clear()} {
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
		require.Equal(t, "/", cookie.Path)
		require.Empty(t, cookie.Domain)
	}
	require.False(t, plain.Set(signin.Session{}).Secure)
	require.True(t, secure.Set(signin.Session{}).Secure)
	require.Equal(t, "__Host-behalf", secure.Name())
}

// The cookie counts in requests of our own pages and of programs, and not in
// those that another site makes a browser send.
func TestCookieFromAnotherSite(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	answer := w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "olivia@example.com", "password": apitest.Password}).Is(http.StatusCreated)
	require.NotContains(t, string(answer.Body), "bhs_", "the token is in the cookie alone")
	cookie := (&http.Response{Header: answer.Header}).Cookies()[0]
	require.True(t, cookie.HttpOnly)
	carried := cookie.Name + "=" + cookie.Value
	create := func(name, value string) apitest.Answer {
		return w.Nobody(t).Send(http.MethodPost, "/v1/workspaces", []byte(`{"name":"Acme"}`),
			"Content-Type", "application/json", "Cookie", carried, name, value)
	}
	create("Sec-Fetch-Site", "cross-site").Problem(http.StatusForbidden, "cross_origin")
	create("Origin", "https://evil.example").Problem(http.StatusForbidden, "cross_origin")
	create("Sec-Fetch-Site", "same-origin").Is(http.StatusCreated)
	create("Origin", w.URL).Is(http.StatusCreated)
	w.Nobody(t).Send(http.MethodGet, "/v1/me", nil, "Cookie", carried, "Sec-Fetch-Site", "cross-site").Is(http.StatusOK)

	signedOut := w.Nobody(t).Send(http.MethodDelete, "/v1/sessions/current", nil, "Cookie", carried).Is(http.StatusNoContent)
	require.Contains(t, signedOut.Header.Get("Set-Cookie"), "Max-Age=0")
	w.Nobody(t).Send(http.MethodGet, "/v1/me", nil, "Cookie", carried).Problem(http.StatusUnauthorized, "not_signed_in")
}

func TestSecureBehindHTTPS(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	handler := w.Handler(t, func(d *api.Deps) { d.PublicURL = "https://behalf.example" })
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/docs", nil))
	require.Equal(t, http.StatusOK, answer.Code)
	require.NotEmpty(t, answer.Header().Get("Strict-Transport-Security"))
}

package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/networktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const verifier = "a-verifier-of-the-test-that-is-long-enough-to-be-one"

// start is an authorization request, to be changed before it is sent.
func start(base string) url.Values {
	address, _ := url.Parse((&oauth2.Config{
		ClientID: networktest.ClientID, RedirectURL: networktest.RedirectURI,
		Scopes: []string{"pages:read", "pages:publish"}, Endpoint: oauth2.Endpoint{AuthURL: base},
	}).AuthCodeURL("state-of-the-test", oauth2.S256ChallengeOption(verifier)))
	return address.Query()
}

func olivia(s *networktest.Server) browser.Person {
	return browser.Person{Name: "olivia", Password: networktest.OliviaPassword, HTTP: s.Control.HTTP}
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	for name, test := range map[string]struct {
		change func(url.Values)
		redir  string // the error that the application is told; empty: it is told nothing
	}{
		"no PKCE":           {func(v url.Values) { v.Del("code_challenge") }, "invalid_request"},
		"plain PKCE":        {func(v url.Values) { v.Set("code_challenge_method", "plain") }, "invalid_request"},
		"short state":       {func(v url.Values) { v.Set("state", "s") }, "invalid_state"},
		"unknown scope":     {func(v url.Values) { v.Set("scope", "everything") }, "invalid_scope"},
		"implicit flow":     {func(v url.Values) { v.Set("response_type", "token") }, "unsupported_response_type"},
		"unknown client":    {func(v url.Values) { v.Set("client_id", "nobody") }, ""},
		"no redirect URI":   {func(v url.Values) { v.Del("redirect_uri") }, ""},
		"another port":      {func(v url.Values) { v.Set("redirect_uri", "http://127.0.0.1:81/connect/callback") }, ""},
		"another path":      {func(v url.Values) { v.Set("redirect_uri", networktest.RedirectURI+"/x") }, ""},
		"repeated":          {func(v url.Values) { v.Add("state", "another-state") }, ""},
		"unknown parameter": {func(v url.Values) { v.Set("nonce", "n") }, ""},
	} {
		query := start(s.URL)
		test.change(query)
		back, err := olivia(s).Allow(t.Context(), s.URL+"/oauth/authorize?"+query.Encode())
		if test.redir == "" {
			require.ErrorIs(t, err, browser.ErrRefused, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, test.redir, back.Query().Get("error"), name)
		require.Empty(t, back.Query().Get("code"), name)
		back, err = olivia(s).Deny(t.Context(), s.URL+"/oauth/authorize?"+query.Encode())
		require.NoError(t, err, name)
		require.Equal(t, test.redir, back.Query().Get("error"), "%s: refused before the person is asked", name)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	address := s.URL + "/oauth/authorize?" + start(s.URL).Encode()
	for _, person := range []browser.Person{
		{Name: "olivia", Password: networktest.CarlPassword}, {Name: "nobody", Password: "x"}, {},
	} {
		person.HTTP = s.Control.HTTP
		_, err := person.Allow(t.Context(), address)
		require.ErrorIs(t, err, browser.ErrRefused)
	}
	back, err := olivia(s).Deny(t.Context(), address)
	require.NoError(t, err)
	require.Equal(t, "access_denied", back.Query().Get("error"))
	require.Equal(t, "state-of-the-test", back.Query().Get("state"))
}

func TestCodeReuseRevokesItsTokens(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	back, err := olivia(s).Allow(t.Context(), s.URL+"/oauth/authorize?"+start(s.URL).Encode())
	require.NoError(t, err)
	exchange := url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")},
		"redirect_uri": {networktest.RedirectURI}, "code_verifier": {verifier},
	}
	status, tokens := post(t, s, "/oauth/token", exchange)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, http.StatusOK, me(t, s, tokens["access_token"]))
	require.Equal(t, http.StatusUnauthorized, me(t, s, tokens["refresh_token"]), "a refresh token is no bearer token")

	status, refused := post(t, s, "/oauth/token", exchange)
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "invalid_grant", refused["error"])
	require.Equal(t, http.StatusUnauthorized, me(t, s, tokens["access_token"]))
}

func TestWrongVerifiers(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	for _, wrong := range []string{"", "short", strings.Repeat("x", 43)} {
		back, err := olivia(s).Allow(t.Context(), s.URL+"/oauth/authorize?"+start(s.URL).Encode())
		require.NoError(t, err)
		status, refused := post(t, s, "/oauth/token", url.Values{
			"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")},
			"redirect_uri": {networktest.RedirectURI}, "code_verifier": {wrong},
		})
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "invalid_grant", refused["error"])
	}
}

func TestRevocation(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	back, err := olivia(s).Allow(t.Context(), s.URL+"/oauth/authorize?"+start(s.URL).Encode())
	require.NoError(t, err)
	_, tokens := post(t, s, "/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")},
		"redirect_uri": {networktest.RedirectURI}, "code_verifier": {verifier},
	})
	status, _ := post(t, s, "/oauth/revoke", url.Values{"token": {tokens["refresh_token"]}})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, http.StatusUnauthorized, me(t, s, tokens["access_token"]))
	status, refused := post(t, s, "/oauth/token", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {tokens["refresh_token"]},
	})
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "invalid_grant", refused["error"])
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	response, err := s.Control.HTTP.Get(s.URL + "/.well-known/oauth-authorization-server")
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	var metadata struct {
		Issuer  string   `json:"issuer"`
		Token   string   `json:"token_endpoint"`
		Methods []string `json:"code_challenge_methods_supported"`
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&metadata))
	require.Equal(t, s.URL, metadata.Issuer)
	require.Equal(t, s.URL+"/oauth/token", metadata.Token)
	require.Equal(t, []string{"S256"}, metadata.Methods)
}

// post makes a call of the client and returns the strings of its JSON answer.
func post(t *testing.T, s *networktest.Server, path string, form url.Values) (status int, answer map[string]string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(networktest.ClientID, networktest.ClientSecret)
	response, err := s.Control.HTTP.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var fields map[string]any
	_ = json.Unmarshal(body, &fields)
	answer = map[string]string{}
	for name, value := range fields {
		answer[name], _ = value.(string)
	}
	return response.StatusCode, answer
}

func me(t *testing.T, s *networktest.Server, token string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/me", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Sandbox-Version", "2026-11")
	response, err := s.Control.HTTP.Do(r)
	require.NoError(t, err)
	_ = response.Body.Close()
	return response.StatusCode
}

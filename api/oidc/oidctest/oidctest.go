// Package oidctest is a provider of OpenID Connect for tests: ory/fosite's
// authorization code flow with PKCE, client secrets and signed id_tokens, a
// discovery document and keys. It can be told to lie.
package oidctest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/handler/openid"
	"github.com/ory/fosite/storage"
	"github.com/ory/fosite/token/jwt"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"
)

// The client that a provider knows.
const (
	ClientID = "behalf-under-test"
	Secret   = "canary-client-secret-of-the-provider"
)

// Account is somebody's account at the provider.
type Account struct {
	Subject  string
	Email    string
	Verified bool
}

// Lie is how a provider departs from the truth.
type Lie struct {
	Claims  func(claims map[string]any) // changes what it signs
	Issuer  string                      // what its document says instead
	Key     *rsa.PrivateKey             // what it signs with instead
	Token   http.HandlerFunc            // what its token endpoint does instead
	NoToken bool                        // it leaves the id_token out
}

// Provider is a running provider.
type Provider struct {
	URL string

	server  *httptest.Server
	oauth   fosite.OAuth2Provider
	key     *rsa.PrivateKey
	mutex   sync.Mutex
	account Account
	lie     Lie
}

// Start runs a provider for a client with this redirect address.
func Start(t testing.TB, redirects ...string) *Provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	hash, err := bcrypt.GenerateFromPassword([]byte(Secret), bcrypt.MinCost)
	require.NoError(t, err)
	p := &Provider{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.document)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	p.URL = p.server.URL

	config := &fosite.Config{
		IDTokenIssuer: p.URL, GlobalSecret: []byte("a secret of thirty-two bytes, so"), EnforcePKCE: true,
		AuthorizeCodeLifespan: time.Minute, AccessTokenLifespan: time.Minute, IDTokenLifespan: 5 * time.Minute,
	}
	store := storage.NewMemoryStore()
	store.Clients[ClientID] = &fosite.DefaultClient{
		ID: ClientID, Secret: hash, RedirectURIs: redirects, Scopes: []string{"openid", "email", "profile"},
		GrantTypes: []string{"authorization_code"}, ResponseTypes: []string{"code"},
	}
	private := func(context.Context) (any, error) { return key, nil }
	p.oauth = compose.Compose(config, store,
		&compose.CommonStrategy{
			CoreStrategy:               compose.NewOAuth2HMACStrategy(config),
			OpenIDConnectTokenStrategy: compose.NewOpenIDConnectStrategy(private, config),
			Signer:                     &jwt.DefaultSigner{GetPrivateKey: private},
		},
		compose.OAuth2AuthorizeExplicitFactory, compose.OpenIDConnectExplicitFactory, compose.OAuth2PKCEFactory,
	)
	return p
}

// Stop has it answer nothing any more.
func (p *Provider) Stop() { p.server.Close() }

// SignIn has somebody be signed in at the provider, and allow everything.
func (p *Provider) SignIn(account Account) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.account = account
}

// Lie has it lie from now on; the zero Lie is the truth.
func (p *Provider) Lie(lie Lie) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lie = lie
}

func (p *Provider) now() (Account, Lie) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.account, p.lie
}

// Visit is a browser that is sent to the provider, and answers where it is sent
// back to.
func (p *Provider) Visit(t testing.TB, authorize string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, authorize, nil)
	require.NoError(t, err)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	back, err := url.Parse(response.Header.Get("Location"))
	require.NoError(t, err)
	require.Empty(t, back.Query().Get("error_description"))
	require.NotEmpty(t, back.Query().Get("code"), "status %d", response.StatusCode)
	return back.String()
}

func (p *Provider) document(w http.ResponseWriter, _ *http.Request) {
	_, lie := p.now()
	issuer := p.URL
	if lie.Issuer != "" {
		issuer = lie.Issuer
	}
	answer(w, map[string]any{
		"issuer": issuer, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}, "code_challenge_methods_supported": []string{"S256"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	encode := base64.RawURLEncoding.EncodeToString
	answer(w, map[string]any{"keys": []map[string]any{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "n": encode(p.key.N.Bytes()), "e": encode(big.NewInt(int64(p.key.E)).Bytes()),
	}}})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	account, _ := p.now()
	request, err := p.oauth.NewAuthorizeRequest(r.Context(), r)
	if err != nil {
		p.oauth.WriteAuthorizeError(r.Context(), w, request, err)
		return
	}
	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}
	session := openid.NewDefaultSession()
	session.Subject, session.Claims.Subject = account.Subject, account.Subject
	session.Claims.AuthTime = time.Now()
	session.Claims.Extra = map[string]any{"email": account.Email, "email_verified": account.Verified}
	response, err := p.oauth.NewAuthorizeResponse(r.Context(), request, session)
	if err != nil {
		p.oauth.WriteAuthorizeError(r.Context(), w, request, err)
		return
	}
	p.oauth.WriteAuthorizeResponse(r.Context(), w, request, response)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	_, lie := p.now()
	if lie.Token != nil {
		lie.Token(w, r)
		return
	}
	request, err := p.oauth.NewAccessRequest(r.Context(), r, openid.NewDefaultSession())
	if err != nil {
		p.oauth.WriteAccessError(r.Context(), w, request, err)
		return
	}
	response, err := p.oauth.NewAccessResponse(r.Context(), request)
	if err != nil {
		p.oauth.WriteAccessError(r.Context(), w, request, err)
		return
	}
	switch {
	case lie.NoToken:
		response.SetExtra("id_token", nil)
	case lie.Claims != nil || lie.Key != nil:
		response.SetExtra("id_token", p.forged(response.GetExtra("id_token").(string), lie))
	}
	p.oauth.WriteAccessResponse(r.Context(), w, request, response)
}

// forged signs other claims than the truth.
func (p *Provider) forged(genuine string, lie Lie) string {
	header, rest, _ := strings.Cut(genuine, ".")
	payload, _, _ := strings.Cut(rest, ".")
	text, _ := base64.RawURLEncoding.DecodeString(payload)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	claims := map[string]any{}
	_ = decoder.Decode(&claims)
	if lie.Claims != nil {
		lie.Claims(claims)
	}
	text, _ = json.Marshal(claims)
	signed := header + "." + base64.RawURLEncoding.EncodeToString(text)
	key := p.key
	if lie.Key != nil {
		key = lie.Key
	}
	sum := sha256.Sum256([]byte(signed))
	signature, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// Package oauth is the sandbox network's OAuth 2.0 server: authorization code
// with PKCE (RFC 7636, S256 only), exact redirect URIs, refresh tokens that
// rotate and revoke their family when one is replayed, revocation (RFC 7009)
// and metadata (RFC 8414). The protocol is ory/fosite's.
package oauth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"

	"behalf/internal/networks/sandbox/network/store"
)

// The scopes that a client may ask for.
const (
	ScopeRead    = "pages:read"
	ScopePublish = "pages:publish"
)

// Errors of Authenticate.
var (
	ErrMissingToken = errors.New("no bearer token")
	ErrInvalidToken = errors.New("expired, revoked or unknown token")
	ErrScope        = errors.New("the token lacks a scope")
)

// Client is an application that people authorize.
type Client struct {
	ID           string
	Secret       string
	RedirectURIs []string // compared exactly
}

// Config of a server.
type Config struct {
	AccessTokenLifetime  time.Duration
	RefreshTokenLifetime time.Duration                            // at most 30 days
	BaseURL              func(*http.Request) string               // without a trailing slash
	SignIn               func(name, password string) (known bool) // may take its time
	Scopes               []string                                 // what clients may ask for; ScopeRead and ScopePublish when nil
	Declines             func(person, scope string) bool          // what people leave out of what they are asked for; nil: nothing
	WithoutPKCE          bool                                     // PKCE is neither asked for nor known
}

// Server is safe for concurrent use.
type Server struct {
	config   Config
	provider fosite.OAuth2Provider
	storage  *storage
	tokens   sync.Mutex // one token request at a time, so that of two equal ones the second is a replay
}

// New makes a server that keeps its grants in the store.
func New(s *store.Store, c Config) *Server {
	if c.Scopes == nil {
		c.Scopes = []string{ScopeRead, ScopePublish}
	}
	config := &fosite.Config{
		AccessTokenLifespan:           c.AccessTokenLifetime,
		RefreshTokenLifespan:          c.RefreshTokenLifetime,
		AuthorizeCodeLifespan:         time.Minute,
		GlobalSecret:                  s.Secret(),
		EnforcePKCE:                   !c.WithoutPKCE,
		ScopeStrategy:                 fosite.ExactScopeStrategy,
		RefreshTokenScopes:            []string{}, // every authorization gets a refresh token
		DisableRefreshTokenValidation: true,       // a refresh token is no bearer token
		ClientSecretsHasher:           Hasher{},
	}
	kept := &storage{store: s, clients: map[string]*fosite.DefaultClient{}}
	return &Server{config: c, storage: kept, provider: compose.Compose(config, kept,
		compose.NewOAuth2HMACStrategy(config),
		compose.OAuth2AuthorizeExplicitFactory,
		compose.OAuth2RefreshTokenGrantFactory,
		compose.OAuth2TokenIntrospectionFactory,
		compose.OAuth2TokenRevocationFactory,
		compose.OAuth2PKCEFactory,
	)}
}

// Register adds or replaces a client.
func (s *Server) Register(c Client) error {
	hash, err := Hash(c.Secret)
	if err != nil {
		return err
	}
	s.storage.register(&fosite.DefaultClient{
		ID:            c.ID,
		Secret:        []byte(hash),
		RedirectURIs:  c.RedirectURIs,
		GrantTypes:    []string{"authorization_code", "refresh_token"},
		ResponseTypes: []string{"code"},
		Scopes:        s.config.Scopes,
	})
	return nil
}

// Authenticate says whose bearer token the request carries, in its header and
// nowhere else (RFC 6750, section 2.1). ErrScope comes with the person.
func (s *Server) Authenticate(r *http.Request, scope string) (person string, err error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", ErrMissingToken
	}
	_, request, err := s.provider.IntrospectToken(r.Context(), token, fosite.AccessToken, newSession())
	if err != nil {
		return "", ErrInvalidToken
	}
	person = request.GetSession().GetSubject()
	if !request.GetGrantedScopes().Has(scope) {
		return person, ErrScope
	}
	return person, nil
}

// Token is the token endpoint.
func (s *Server) Token(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s.tokens.Lock()
	defer s.tokens.Unlock()
	request, err := s.provider.NewAccessRequest(ctx, r, newSession())
	if err != nil {
		s.provider.WriteAccessError(ctx, w, request, err)
		return
	}
	response, err := s.provider.NewAccessResponse(ctx, request)
	if err != nil {
		s.provider.WriteAccessError(ctx, w, request, err)
		return
	}
	s.provider.WriteAccessResponse(ctx, w, request, response)
}

// Revoke is the revocation endpoint.
func (s *Server) Revoke(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s.provider.WriteRevocationResponse(ctx, w, s.provider.NewRevocationRequest(ctx, r))
}

func newSession() *fosite.DefaultSession { return &fosite.DefaultSession{} }

// Hasher hashes the secrets of clients for fosite.
type Hasher struct{}

// Compare implements fosite.Hasher.
func (Hasher) Compare(_ context.Context, hash, data []byte) error {
	if !Matches(string(hash), string(data)) {
		return errors.New("the secret does not match")
	}
	return nil
}

// Hash implements fosite.Hasher.
func (Hasher) Hash(_ context.Context, data []byte) ([]byte, error) {
	hash, err := Hash(string(data))
	return []byte(hash), err
}

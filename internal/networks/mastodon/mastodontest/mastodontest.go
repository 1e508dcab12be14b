// Package mastodontest is a Mastodon server for tests: the part of its API that
// a connector may use, with the bodies of its documentation. Its OAuth 2.0 half
// is ory/fosite's. It is strict: what is not documented fails the test.
package mastodontest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
)

// The people on the server.
const (
	Olivia = "olivia"
	Carl   = "carl"
)

// Server is the fake.
type Server struct {
	*fake.Server
	// NoPKCE is a server before 4.3: it has no metadata and knows no PKCE.
	NoPKCE bool
	// Old is a server before 4.0, or another one: /api/v2/instance is missing.
	Old bool
	// Forgets is a server that ignores Idempotency-Key, as some others do.
	Forgets bool
	// MaxCharacters is the limit of a post.
	MaxCharacters int

	oauth  fosite.OAuth2Provider
	narrow bool
	store  *storage.MemoryStore

	mu       sync.Mutex
	now      time.Time // moves with every post
	people   map[string]*person
	media    map[string]*Medium
	statuses []*Status // newest first
	keys     map[string]*Status
	issued   map[string]string // application, person and scopes → token
	looks    int               // until a film is ready
	last     int
}

type person struct {
	id       string
	disabled bool
}

// Status is a post on the server.
type Status struct {
	ID, Person, Text string
	Media            []string
	Created          time.Time
}

// Medium is an upload.
type Medium struct {
	ID, Person, Type, Description string
	Bytes                         []byte
	wait                          int
}

// Start serves until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	config := &fosite.Config{
		AccessTokenLifespan: 1000 * time.Hour, AuthorizeCodeLifespan: time.Minute, GlobalSecret: []byte(rand.Text() + rand.Text()),
		ScopeStrategy: fosite.ExactScopeStrategy, EnablePKCEPlainChallengeMethod: false, ClientSecretsHasher: plain{},
	}
	store := storage.NewMemoryStore()
	s := &Server{
		MaxCharacters: 500, store: store, now: time.Now().UTC().Truncate(time.Millisecond), looks: 2, last: 100,
		people: map[string]*person{Olivia: {id: "1"}, Carl: {id: "2"}}, media: map[string]*Medium{}, keys: map[string]*Status{},
		issued: map[string]string{},
		oauth: compose.Compose(config, store, compose.NewOAuth2HMACStrategy(config), compose.OAuth2AuthorizeExplicitFactory,
			compose.OAuth2TokenIntrospectionFactory, compose.OAuth2TokenRevocationFactory, compose.OAuth2PKCEFactory),
	}
	s.Server = fake.Start(t, http.HandlerFunc(s.serve))
	return s
}

// plain compares the secrets of clients, which live as long as a test.
type plain struct{}

func (plain) Hash(_ context.Context, data []byte) ([]byte, error) { return data, nil }

func (plain) Compare(_ context.Context, hash, data []byte) error {
	if string(hash) != string(data) {
		return errors.New("another secret")
	}
	return nil
}

// Allow is a person who allows what a start's address asks for; it answers where
// the server sends them.
func (s *Server) Allow(ctx context.Context, start, name string) (back *url.URL, err error) {
	return s.decide(ctx, start, name, true)
}

// Deny is a person who does not.
func (s *Server) Deny(ctx context.Context, start string) (back *url.URL, err error) {
	return s.decide(ctx, start, "", false)
}

func (s *Server) decide(ctx context.Context, start, name string, allow bool) (*url.URL, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, start, nil)
	if err != nil {
		return nil, err
	}
	known := []string{"response_type", "client_id", "redirect_uri", "scope", "state", "force_login", "lang"}
	if !s.NoPKCE {
		known = append(known, "code_challenge", "code_challenge_method")
		if r.URL.Query().Get("code_challenge_method") != "S256" {
			return nil, errors.New("undocumented: no PKCE with a server that knows it")
		}
	}
	if unknown, ok := fake.Only(r.URL.Query(), known...); !ok {
		return nil, errors.New("undocumented: parameter " + unknown)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	request, err := s.oauth.NewAuthorizeRequest(ctx, r)
	w := httptest.NewRecorder()
	switch {
	case err != nil:
		return nil, err
	case !allow:
		s.oauth.WriteAuthorizeError(ctx, w, request, fosite.ErrAccessDenied)
	default:
		for _, scope := range request.GetRequestedScopes() {
			if !s.narrow || scope != posting {
				request.GrantScope(scope)
			}
		}
		response, err := s.oauth.NewAuthorizeResponse(ctx, request, &fosite.DefaultSession{Subject: name})
		if err != nil {
			return nil, err
		}
		s.oauth.WriteAuthorizeResponse(ctx, w, request, response)
	}
	return w.Result().Location()
}

// posting is the scope that posts are made with.
const posting = "write:statuses"

// Narrow has the server leave that out of what it gives from now on, as RFC 6749
// (section 3.3) lets it; it answers which one.
func (s *Server) Narrow() string {
	s.set(func() { s.narrow = true })
	return posting
}

// ForgetApps has the server remove the applications that registered.
func (s *Server) ForgetApps() { s.set(func() { s.store.Clients = map[string]fosite.Client{} }) }

// RevokeAll ends all tokens.
func (s *Server) RevokeAll() {
	s.set(func() { s.store.AccessTokens = map[string]fosite.Requester{} })
}

// Disable has the server's owner disable an account's login.
func (s *Server) Disable(name string) { s.set(func() { s.people[name].disabled = true }) }

// Statuses lists a person's posts, newest first.
func (s *Server) Statuses(name string) (found []Status) {
	s.set(func() {
		for _, one := range s.statuses {
			if one.Person == name {
				found = append(found, *one)
			}
		}
	})
	return found
}

// Media lists the uploads.
func (s *Server) Media() (found []Medium) {
	s.set(func() {
		for _, one := range s.media {
			found = append(found, *one)
		}
	})
	return found
}

// Post is somebody who posts without Behalf.
func (s *Server) Post(name, text string) {
	s.set(func() { s.post(name, text, nil) })
}

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *Server) post(name, text string, media []string) *Status {
	s.now = s.now.Add(time.Millisecond)
	made := &Status{ID: s.next(), Person: name, Text: text, Media: media, Created: s.now}
	s.statuses = append([]*Status{made}, s.statuses...)
	return made
}

func (s *Server) next() string {
	s.last++
	return strconv.Itoa(s.last)
}

// Registrations keeps registrations in memory.
type Registrations struct {
	mu   sync.Mutex
	kept map[string]networks.Registration
}

// Registration implements networks.Registrations.
func (r *Registrations) Registration(_ context.Context, network, host string) (networks.Registration, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.kept[network+" "+host]
	return found, ok, nil
}

// KeepRegistration implements networks.Registrations.
func (r *Registrations) KeepRegistration(_ context.Context, network, host string, one networks.Registration) (networks.Registration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]networks.Registration{}
	}
	r.kept[network+" "+host] = one
	return one, nil
}

package oauth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ory/fosite"

	"behalf/internal/networks/sandbox/network/store"
)

// storage is fosite's view of the store. Grants are plain values there, so that
// no session is shared between requests and all of them survive a restart.
type storage struct {
	store *store.Store

	mu      sync.RWMutex
	clients map[string]*fosite.DefaultClient
}

func (s *storage) register(c *fosite.DefaultClient) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[c.ID] = c
}

func (s *storage) GetClient(_ context.Context, id string) (fosite.Client, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	client, known := s.clients[id]
	if !known {
		return nil, fosite.ErrNotFound
	}
	return client, nil
}

// Assertions signed by clients are not offered; fosite asks for these two all the same.
func (s *storage) ClientAssertionJWTValid(context.Context, string) error { return fosite.ErrJTIKnown }
func (s *storage) SetClientAssertionJWT(context.Context, string, time.Time) error {
	return fosite.ErrJTIKnown
}

func (s *storage) CreateAuthorizeCodeSession(_ context.Context, signature string, r fosite.Requester) error {
	return s.put(store.Code, signature, r)
}

func (s *storage) GetAuthorizeCodeSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	return s.get(ctx, store.Code, signature, fosite.ErrInvalidatedAuthorizeCode)
}

func (s *storage) InvalidateAuthorizeCodeSession(_ context.Context, signature string) error {
	return translate(s.store.UseGrant(store.Code, signature), fosite.ErrInvalidatedAuthorizeCode)
}

func (s *storage) CreatePKCERequestSession(_ context.Context, signature string, r fosite.Requester) error {
	return s.put(store.Challenge, signature, r)
}

func (s *storage) GetPKCERequestSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	return s.get(ctx, store.Challenge, signature, fosite.ErrNotFound)
}

func (s *storage) DeletePKCERequestSession(_ context.Context, signature string) error {
	return s.store.DropGrant(store.Challenge, signature)
}

func (s *storage) CreateAccessTokenSession(_ context.Context, signature string, r fosite.Requester) error {
	return s.put(store.Access, signature, r)
}

func (s *storage) GetAccessTokenSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	return s.get(ctx, store.Access, signature, fosite.ErrInactiveToken)
}

func (s *storage) DeleteAccessTokenSession(_ context.Context, signature string) error {
	return s.store.DropGrant(store.Access, signature)
}

func (s *storage) CreateRefreshTokenSession(_ context.Context, signature, _ string, r fosite.Requester) error {
	return s.put(store.Refresh, signature, r)
}

func (s *storage) GetRefreshTokenSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	return s.get(ctx, store.Refresh, signature, fosite.ErrInactiveToken)
}

func (s *storage) DeleteRefreshTokenSession(_ context.Context, signature string) error {
	return s.store.DropGrant(store.Refresh, signature)
}

// RotateRefreshToken ends one refresh token. Access tokens that were given
// before stay good until they expire.
func (s *storage) RotateRefreshToken(_ context.Context, _ string, signature string) error {
	return translate(s.store.UseGrant(store.Refresh, signature), fosite.ErrInactiveToken)
}

func (s *storage) RevokeRefreshToken(_ context.Context, family string) error {
	return s.store.RevokeFamily(store.Refresh, family)
}

func (s *storage) RevokeAccessToken(_ context.Context, family string) error {
	return s.store.RevokeFamily(store.Access, family)
}

func (s *storage) put(kind store.GrantKind, signature string, r fosite.Requester) error {
	grant := store.Grant{
		Family:    r.GetID(),
		Client:    r.GetClient().GetID(),
		Person:    r.GetSession().GetSubject(),
		Scopes:    r.GetGrantedScopes(),
		Form:      r.GetRequestForm(),
		Requested: r.GetRequestedAt(),
		Expires:   map[string]time.Time{},
	}
	for _, token := range []fosite.TokenType{fosite.AccessToken, fosite.RefreshToken, fosite.AuthorizeCode} {
		if at := r.GetSession().GetExpiresAt(token); !at.IsZero() {
			grant.Expires[string(token)] = at
		}
	}
	return s.store.PutGrant(kind, signature, grant, time.Now().UTC())
}

// get answers a used or revoked grant together with inactive: fosite needs it
// to revoke the rest of its family.
func (s *storage) get(ctx context.Context, kind store.GrantKind, signature string, inactive error) (fosite.Requester, error) {
	grant, err := s.store.Grant(kind, signature)
	if err != nil && !errors.Is(err, store.ErrInactive) {
		return nil, translate(err, inactive)
	}
	client, unknown := s.GetClient(ctx, grant.Client)
	if unknown != nil {
		return nil, unknown
	}
	r := fosite.NewRequest()
	r.ID, r.Client, r.Form, r.RequestedAt = grant.Family, client, grant.Form, grant.Requested
	r.RequestedScope, r.GrantedScope = grant.Scopes, append([]string{}, grant.Scopes...)
	session := &fosite.DefaultSession{Subject: grant.Person, Username: grant.Person}
	for token, at := range grant.Expires {
		session.SetExpiresAt(fosite.TokenType(token), at)
	}
	r.Session = session
	return r, translate(err, inactive)
}

func translate(err, inactive error) error {
	switch {
	case errors.Is(err, store.ErrInactive):
		return inactive
	case errors.Is(err, store.ErrNotFound):
		return fosite.ErrNotFound
	default:
		return err
	}
}

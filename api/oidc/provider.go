package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"behalf/internal/vault"
)

// Provider is one provider of OpenID Connect. Its document is fetched when
// somebody first signs in with it, not when Behalf starts: a provider that is
// away keeps nobody else waiting.
type Provider struct {
	Name     string
	issuer   string
	clientID string
	secret   vault.Secret

	mutex sync.Mutex
	found *oidc.Provider // nil until its document was fetched
}

// NewProvider describes a provider. The name is part of its redirect address.
func NewProvider(name, issuer, clientID string, secret vault.Secret) *Provider {
	return &Provider{Name: name, issuer: issuer, clientID: clientID, secret: secret}
}

// What a provider's answer can be besides good.
var (
	errAway = errors.New("the provider does not answer")
	errLies = errors.New("the provider's answer cannot be used")
)

// discover fetches the provider's document, once it answers. Nobody waits for
// another one's request: a provider that hangs would make a queue of them.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mutex.Lock()
	known := p.found
	p.mutex.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, client), p.issuer)
	var other *oidc.IssuerMismatchError
	switch {
	case errors.As(err, &other):
		return nil, fmt.Errorf("%w: its document names another issuer", errLies)
	case err != nil:
		return nil, fmt.Errorf("%w: fetch its document: %w", errAway, quiet(err))
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.found = found
	return found, nil
}

func (p *Provider) config(found *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.clientID, ClientSecret: string(p.secret.Reveal()), Endpoint: found.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// departure is what has to come back, or be shown, when a browser does.
type departure struct {
	Nonce    string
	Verifier string // of PKCE
	Delivery string // of the session
}

// address is where to send the browser.
func (p *Provider) address(ctx context.Context, redirect, state string, leaving departure) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.config(found, redirect).AuthCodeURL(state, oidc.Nonce(leaving.Nonce), oauth2.S256ChallengeOption(leaving.Verifier)), nil
}

// claims are what a provider says about somebody.
type claims struct {
	Subject  string
	Email    string
	Verified bool // the provider knows that the address is theirs
}

// exchange trades the code for what the provider says, and believes it only if
// the provider signed it for us, now, for this departure.
func (p *Provider) exchange(ctx context.Context, redirect, code string, leaving departure, now func() time.Time) (claims, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return claims{}, err
	}
	ctx = oidc.ClientContext(ctx, client)
	answered, err := p.config(found, redirect).Exchange(ctx, code, oauth2.VerifierOption(leaving.Verifier))
	if err != nil {
		return claims{}, refusal(err)
	}
	raw, ok := answered.Extra("id_token").(string)
	if !ok {
		return claims{}, fmt.Errorf("%w: no id_token", errLies)
	}
	verified, err := found.Verifier(&oidc.Config{ClientID: p.clientID, Now: now}).Verify(ctx, raw)
	if err != nil {
		return claims{}, fmt.Errorf("%w: %.200s", errLies, err.Error()) // it may quote the provider at length
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(leaving.Nonce)) != 1 {
		return claims{}, fmt.Errorf("%w: another nonce", errLies)
	}
	return p.read(verified)
}

// flag is true also when it is written as a text, as some providers do.
type flag bool

// UnmarshalJSON reads true and "true".
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = string(data) == "true" || string(data) == `"true"`
	return nil
}

// maxSubject is the most that a subject may have (OpenID Connect Core, section 2).
const maxSubject = 255

func (p *Provider) read(verified *oidc.IDToken) (claims, error) {
	var said struct {
		Party    string `json:"azp"`
		Email    string `json:"email"`
		Verified flag   `json:"email_verified"`
	}
	if err := verified.Claims(&said); err != nil {
		return claims{}, fmt.Errorf("%w: its claims have another form", errLies)
	}
	switch {
	case verified.Subject == "" || len(verified.Subject) > maxSubject:
		return claims{}, fmt.Errorf("%w: a subject of %d bytes", errLies, len(verified.Subject))
	case said.Party != "" && said.Party != p.clientID, said.Party == "" && len(verified.Audience) > 1:
		return claims{}, fmt.Errorf("%w: made for another party", errLies) // OpenID Connect Core, section 3.1.3.7
	}
	return claims{Subject: verified.Subject, Email: said.Email, Verified: bool(said.Verified)}, nil
}

// refusal tells a token endpoint that does not answer from one that says no,
// without the words of either: they may hold what was sent.
func refusal(err error) error {
	var said *oauth2.RetrieveError
	if !errors.As(err, &said) {
		return fmt.Errorf("%w: exchange the code: %w", errAway, quiet(err))
	}
	if said.Response != nil && said.Response.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: exchange the code: status %d", errAway, said.Response.StatusCode)
	}
	return fmt.Errorf("%w: exchange the code: %.50q", errLies, said.ErrorCode)
}

// quiet drops the address from an error of the network: its query may hold secrets.
func quiet(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return errors.New("not as the protocol wants it")
}

// Package codeflow is the authorization code flow (RFC 6749, section 4.1) as
// connectors walk it, with PKCE (RFC 7636) where the network knows it.
package codeflow

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
	"behalf/internal/networks/wire"
)

// Flow is one network's.
type Flow struct {
	Title    string // of the network, for people
	OAuth    oauth2.Config
	PKCE     bool
	Scoped   bool              // the network documents that tokens come with the scopes that they have
	Extra    map[string]string // parameters of its authorization page that the standard does not know
	Wire     *wire.Client
	Classify func(networks.Answer) *networks.Failure
}

// Authorize starts afresh: a state, and a verifier, of its own every time.
func (f Flow) Authorize(r networks.AuthRequest) (networks.AuthStart, error) {
	if r.RedirectURI == "" {
		return networks.AuthStart{}, errors.New("an authorization needs a redirect URI")
	}
	state := rand.Text()
	pending := networks.Pending{State: networks.NewSecret(state), RedirectURI: r.RedirectURI}
	var options []oauth2.AuthCodeOption
	for name, value := range f.Extra {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	if f.PKCE {
		verifier := oauth2.GenerateVerifier()
		pending.Verifier = networks.NewSecret(verifier)
		options = append(options, oauth2.S256ChallengeOption(verifier))
	}
	return networks.AuthStart{URL: f.at(r.RedirectURI).AuthCodeURL(state, options...), State: state, Pending: pending}, nil
}

// Code reads what the person's browser brought back. A callback that belongs to
// another start does not give its code away.
func (f Flow) Code(cb networks.Callback) (code string, err error) {
	state := cb.Query.Get("state")
	if cb.Pending.State.IsZero() || subtle.ConstantTimeCompare([]byte(state), []byte(cb.Pending.State.Reveal())) != 1 {
		return "", &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch",
			Detail: "This answer does not belong to the authorization that was started here. Start again.",
		}
	}
	if cb.Query.Has("error") {
		return "", f.refused(cb.Query.Get("error"))
	}
	if code = cb.Query.Get("code"); code == "" {
		return "", f.refused("")
	}
	return code, nil
}

// Exchange turns a callback into tokens.
func (f Flow) Exchange(ctx context.Context, cb networks.Callback) (networks.OAuth2, error) {
	code, err := f.Code(cb)
	if err != nil {
		return networks.OAuth2{}, err
	}
	return f.token(ctx, networks.CallExchange, func(ctx context.Context) (*oauth2.Token, error) {
		var options []oauth2.AuthCodeOption
		if f.PKCE {
			options = append(options, oauth2.VerifierOption(cb.Pending.Verifier.Reveal()))
		}
		return f.at(cb.Pending.RedirectURI).Exchange(ctx, code, options...)
	})
}

// Refresh renews tokens. What the answer does not name stays as it was (R46).
func (f Flow) Refresh(ctx context.Context, old networks.Credential) (networks.OAuth2, error) {
	stored, ok := old.OAuth2()
	if !ok || stored.RefreshToken.IsZero() {
		return networks.OAuth2{}, &networks.Failure{
			Kind: networks.Reauth, Code: "no_refresh_token",
			Detail: "This connection cannot be renewed by itself. Connect the account again.",
		}
	}
	renewed, err := f.token(ctx, networks.CallRefresh, func(ctx context.Context) (*oauth2.Token, error) {
		return f.OAuth.TokenSource(ctx, &oauth2.Token{RefreshToken: stored.RefreshToken.Reveal()}).Token()
	})
	if err != nil {
		return networks.OAuth2{}, err
	}
	if renewed.RefreshToken.IsZero() {
		renewed.RefreshToken = stored.RefreshToken
	}
	renewed.Host, renewed.AccountToken = stored.Host, stored.AccountToken
	return renewed, nil
}

// at is the client's registration with one redirect URI.
func (f Flow) at(redirectURI string) *oauth2.Config {
	config := f.OAuth
	config.RedirectURL = redirectURI
	return &config
}

// token makes a call to the token endpoint. Nothing of the library's errors is
// kept: they quote the answer.
func (f Flow) token(
	ctx context.Context, call networks.Call, ask func(context.Context) (*oauth2.Token, error),
) (networks.OAuth2, error) {
	ctx, progress, cancel := f.Wire.Track(ctx)
	defer cancel()
	token, err := ask(context.WithValue(ctx, oauth2.HTTPClient, f.Wire.HTTP()))
	if err != nil {
		answer := networks.Answer{Call: call, Sent: progress.Sent()}
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			answer.Status, answer.Header, answer.Body = refused.Response.StatusCode, refused.Response.Header, refused.Body
		} else {
			answer.Err = wire.Describe(err)
		}
		if failure := f.Classify(answer); failure != nil {
			return networks.OAuth2{}, failure
		}
		return networks.OAuth2{}, outcome.Unclear(f.Title, call, "unreadable_answer") // a success without a token
	}
	if told, _ := token.Extra("scope").(string); f.Scoped && call == networks.CallExchange && told != "" {
		if failure := Missing(f.Title, f.OAuth.Scopes, Told(told)); failure != nil {
			return networks.OAuth2{}, failure
		}
	}
	expiry := token.Expiry
	if !expiry.IsZero() {
		expiry = expiry.UTC().Round(time.Second)
	}
	return networks.OAuth2{
		AccessToken:  networks.NewSecret(token.AccessToken),
		RefreshToken: networks.NewSecret(token.RefreshToken),
		Expiry:       expiry,
	}, nil
}

// refused reads the error of an authorization answer (RFC 6749, section 4.1.2.1).
func (f Flow) refused(code string) *networks.Failure {
	switch code {
	case "access_denied", "user_cancelled_login", "user_cancelled_authorize": // the last two: LinkedIn's own
		return &networks.Failure{Kind: networks.Denied, Code: code, Detail: "Access was not allowed on " + f.Title + "."}
	case "temporarily_unavailable", "server_error":
		return &networks.Failure{
			Kind: networks.Unavailable, Code: code, Detail: f.Title + " could not answer. Try again later.",
		}
	case "unauthorized_client", "unsupported_response_type", "invalid_scope", "invalid_request", "invalid_client":
		return Misconfigured(code, f.Title)
	default:
		return &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_callback",
			Detail: "The answer of " + f.Title + " could not be understood. Start again.",
		}
	}
}

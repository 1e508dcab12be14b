package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

// Authorize implements networks.Connector: a fresh state and PKCE verifier for every start.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	if c.byToken {
		return c.ask(r)
	}
	if r.RedirectURI == "" {
		return networks.AuthStart{}, errors.New("an authorization needs a redirect URI")
	}
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	return networks.AuthStart{
		URL:   c.at(r.RedirectURI).AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)),
		State: state,
		Pending: networks.Pending{
			State: networks.NewSecret(state), Verifier: networks.NewSecret(verifier), RedirectURI: r.RedirectURI,
		},
	}, nil
}

// Exchange implements networks.Connector.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	if c.byToken {
		return brought(cb)
	}
	state := cb.Query.Get("state")
	if cb.Pending.State.IsZero() ||
		subtle.ConstantTimeCompare([]byte(state), []byte(cb.Pending.State.Reveal())) != 1 {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch",
			Detail: "This answer does not belong to the authorization that was started here. Start again.",
		}
	}
	if cb.Query.Has("error") {
		return networks.Credential{}, refusedAuthorization(cb.Query.Get("error"))
	}
	code := cb.Query.Get("code")
	if code == "" {
		return networks.Credential{}, refusedAuthorization("")
	}
	return c.token(ctx, networks.CallExchange, func(ctx context.Context) (*oauth2.Token, error) {
		return c.at(cb.Pending.RedirectURI).Exchange(ctx, code, oauth2.VerifierOption(cb.Pending.Verifier.Reveal()))
	})
}

// Refresh implements networks.Connector. x/oauth2 carries the refresh token over
// when the answer has none (R46); a test holds it to that.
func (c *Connector) Refresh(ctx context.Context, old networks.Credential) (networks.Credential, error) {
	stored, ok := old.OAuth2()
	if !ok || stored.RefreshToken.IsZero() {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Reauth, Code: "no_refresh_token",
			Detail: "This connection cannot be renewed by itself. Connect the account again.",
		}
	}
	return c.token(ctx, networks.CallRefresh, func(ctx context.Context) (*oauth2.Token, error) {
		expired := &oauth2.Token{RefreshToken: stored.RefreshToken.Reveal()}
		return c.oauth.TokenSource(ctx, expired).Token()
	})
}

// Revoke implements networks.Connector: the network offers no revocation (RFC 7009).
func (c *Connector) Revoke(context.Context, networks.Credential) error {
	return networks.ErrUnsupported
}

// at is the client's registration with one redirect URI.
func (c *Connector) at(redirectURI string) *oauth2.Config {
	config := c.oauth
	config.RedirectURL = redirectURI
	return &config
}

// token makes a call to the token endpoint. Nothing of the library's errors is
// kept: they quote the answer.
func (c *Connector) token(
	ctx context.Context, call networks.Call, ask func(context.Context) (*oauth2.Token, error),
) (networks.Credential, error) {
	ctx, progress, cancel := c.wire.Track(ctx)
	defer cancel()
	token, err := ask(context.WithValue(ctx, oauth2.HTTPClient, c.wire.HTTP()))
	if err != nil {
		answer := networks.Answer{Call: call, Sent: progress.Sent()}
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			answer.Status, answer.Header, answer.Body = refused.Response.StatusCode, refused.Response.Header, refused.Body
		} else {
			answer.Err = wire.Describe(err)
		}
		return networks.Credential{}, c.Classify(answer)
	}
	expiry := token.Expiry
	if !expiry.IsZero() {
		expiry = expiry.UTC().Round(time.Second)
	}
	return networks.NewOAuth2(networks.OAuth2{
		AccessToken:  networks.NewSecret(token.AccessToken),
		RefreshToken: networks.NewSecret(token.RefreshToken),
		Expiry:       expiry,
	}), nil
}

// refusedAuthorization reads the error of an authorization answer (RFC 6749, section 4.1.2.1).
func refusedAuthorization(code string) *networks.Failure {
	switch code {
	case "access_denied":
		return &networks.Failure{
			Kind: networks.Denied, Code: code, Detail: "Access was not allowed on the sandbox network.",
		}
	case "temporarily_unavailable", "server_error":
		return &networks.Failure{
			Kind: networks.Unavailable, Code: code, Detail: "The sandbox network could not answer. Try again later.",
		}
	case "unauthorized_client", "unsupported_response_type", "invalid_scope", "invalid_request", "invalid_client":
		return &networks.Failure{
			Kind: networks.Misconfigured, Code: code,
			Detail: "The sandbox network refuses this installation. Its operator has to mend that.",
		}
	default:
		return &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_callback",
			Detail: "The sandbox network's answer could not be understood. Start again.",
		}
	}
}

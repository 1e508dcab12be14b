package pages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// Authorize implements networks.Connector.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	return c.flow.Authorize(r)
}

// Exchange implements networks.Connector. The token of the callback lives an
// hour or two; it is exchanged for one of about 60 days at once, from which the
// tokens of pages come (docs/facebook-login/guides/access-tokens/get-long-lived).
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	code, err := c.flow.Code(cb)
	if err != nil {
		return networks.Credential{}, err
	}
	short, err := c.token(ctx, url.Values{"redirect_uri": {cb.Pending.RedirectURI}, "code": {code}})
	if err != nil {
		return networks.Credential{}, err
	}
	long, err := c.token(ctx, url.Values{
		"grant_type": {"fb_exchange_token"}, "fb_exchange_token": {short.AccessToken.Reveal()},
	})
	if err != nil {
		return networks.Credential{}, err
	}
	return networks.NewOAuth2(long), nil
}

// token asks the token endpoint, which Facebook documents as a GET.
func (c *Connector) token(ctx context.Context, parameters url.Values) (networks.OAuth2, error) {
	parameters.Set("client_id", c.app)
	parameters.Set("client_secret", c.secret.Reveal())
	var read struct {
		Token   string `json:"access_token"`
		Expires int64  `json:"expires_in"`
	}
	_, err := c.rest.Do(ctx, rest.Request{
		Call: networks.CallExchange, Method: http.MethodGet, URL: c.graph("oauth", "access_token"), Query: parameters,
	}, &read)
	if err != nil {
		return networks.OAuth2{}, err
	}
	if read.Token == "" {
		return networks.OAuth2{}, c.rest.Unreadable(networks.CallExchange)
	}
	tokens := networks.OAuth2{AccessToken: networks.NewSecret(read.Token)}
	if read.Expires > 0 {
		tokens.Expiry = time.Now().UTC().Add(time.Duration(read.Expires) * time.Second).Round(time.Second)
	}
	return tokens, nil
}

// Refresh implements networks.Connector: Facebook renews nothing without the person.
func (c *Connector) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, &networks.Failure{
		Kind: networks.Reauth, Code: "no_refresh_token",
		Detail: "This connection cannot be renewed by itself. Connect the page again.",
	}
}

// Revoke implements networks.Connector.
func (c *Connector) Revoke(context.Context, networks.Credential) error {
	return networks.ErrUnsupported
}

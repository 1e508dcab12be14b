package pages

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// graph is an address of the versioned API.
func (c *Connector) graph(path ...string) string { return address(c.at.Graph, path) }

func address(base string, path []string) string {
	base += "/" + Version
	for _, part := range path {
		base += "/" + url.PathEscape(part)
	}
	return base
}

// signed are parameters with a token and the proof that the application itself
// uses it (docs/graph-api/guides/secure-requests).
func (c *Connector) signed(token networks.Secret, parameters url.Values) url.Values {
	mac := hmac.New(sha256.New, []byte(c.secret.Reveal()))
	mac.Write([]byte(token.Reveal()))
	all := url.Values{"access_token": {token.Reveal()}, "appsecret_proof": {hex.EncodeToString(mac.Sum(nil))}}
	maps.Copy(all, parameters)
	return all
}

func (c *Connector) get(ctx context.Context, token networks.Secret, parameters url.Values, into any, path ...string) error {
	_, err := c.rest.Do(ctx, rest.Request{
		Call: networks.CallRead, Method: http.MethodGet, URL: c.graph(path...), Query: c.signed(token, parameters),
	}, into)
	return err
}

// page returns the token that speaks for the session's page.
func page(s networks.Session) (networks.Secret, error) {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return networks.Secret{}, err
	}
	if tokens.AccountToken.IsZero() {
		return networks.Secret{}, &networks.Failure{
			Kind: networks.Rejected, Code: "no_page_token", Detail: "This connection was not made for a page yet.",
		}
	}
	return tokens.AccountToken, nil
}

// Package sandbox connects Behalf to the sandbox network. It knows that network
// by its documentation alone and speaks to it over HTTP.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

// Name is the network's name in the registry and on accounts.
const Name = "sandbox"

// From the network's documentation.
const (
	version   = "2026-11"
	maxText   = 500 // Unicode code points
	scopeRead = "pages:read"
	scopePost = "pages:publish"
)

// Config of a connector.
type Config struct {
	URL          string          // of the network, http or https
	ClientID     string          // as registered with the network
	ClientSecret networks.Secret // the same
	Wire         wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	base  string // without a trailing slash
	oauth oauth2.Config
	wire  *wire.Client
}

var _ networks.Connector = (*Connector)(nil)

// New checks the configuration; it does not speak to the network yet. Close the
// connector when done.
func New(c Config) (*Connector, error) {
	address, err := url.Parse(c.URL)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, errors.New("the sandbox network's URL must be an http or https address")
	}
	if c.ClientID == "" || c.ClientSecret.IsZero() {
		return nil, errors.New("the sandbox network needs a client id and a client secret")
	}
	base := strings.TrimSuffix(c.URL, "/")
	return &Connector{base: base, wire: wire.NewClient(c.Wire), oauth: oauth2.Config{
		ClientID:     c.ClientID,
		ClientSecret: c.ClientSecret.Reveal(),
		Scopes:       []string{scopeRead, scopePost},
		Endpoint: oauth2.Endpoint{
			AuthURL:  base + "/oauth/authorize",
			TokenURL: base + "/oauth/token",
			// Named, because finding it out by trial would present a code or a
			// refresh token twice.
			AuthStyle: oauth2.AuthStyleInHeader,
		},
	}}, nil
}

// Close closes idle connections.
func (c *Connector) Close() { c.wire.Close() }

// String keeps the client secret out of logs.
func (c *Connector) String() string { return "sandbox network at " + c.base }

// GoString does the same for %#v.
func (c *Connector) GoString() string { return c.String() }

// Format does the same for every other verb.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// Capabilities implements networks.Connector.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Text: networks.TextLimit{
			Min: 1, Max: maxText, Unit: "characters", Count: utf8.RuneCountInString,
		},
		Idempotency:       networks.ClientID,
		Reconciling:       networks.ByKey,
		PostingIdentities: true,
		RefreshBefore:     2 * time.Minute,
	}
}

// request makes an API request that carries the credential.
func (c *Connector) request(
	ctx context.Context, method string, credential networks.Credential, path ...string,
) (*http.Request, error) {
	tokens, ok := credential.OAuth2()
	if !ok {
		return nil, &networks.Failure{
			Kind: networks.Rejected, Code: "wrong_credential",
			Detail: "This connection was not made with the sandbox network.",
		}
	}
	address := c.base + "/api"
	for _, part := range path {
		address += "/" + url.PathEscape(part)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, errors.New("make a request to the sandbox network: malformed address")
	}
	r.Header.Set("Authorization", "Bearer "+tokens.AccessToken.Reveal())
	r.Header.Set("Sandbox-Version", version)
	r.Header.Set("Accept", "application/json")
	return r, nil
}

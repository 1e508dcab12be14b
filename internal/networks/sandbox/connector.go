// Package sandbox connects Behalf to the sandbox network. It knows that network
// by its documentation alone and speaks to it over HTTP.
package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

// Name is the network's name in the registry and on accounts.
const Name = "sandbox"

// TokenName is the name of the same network where a person brings a token of
// theirs instead of signing in there: the way of networks without OAuth2.
const TokenName = "sandbox_token"

// From the network's documentation.
const (
	version   = "2026-11"
	maxText   = 500 // Unicode code points
	maxMedia  = 4
	maxFile   = 60 << 10 // bytes; the documentation allows 64 KiB for a body
	keyLasts  = time.Hour
	listed    = 50 // posts
	scopeRead = "pages:read"
	scopePost = "pages:publish"
)

// Config of a connector.
type Config struct {
	URL          string          // of the network, http or https
	ClientID     string          // as registered with the network
	ClientSecret networks.Secret // the same
	Class        Class           // of the pages that are posted to
	KeyLasts     time.Duration   // of ExpiringKey; the documented hour when zero
	ByToken      bool            // TokenName: asked for by a form, and for the network's host
	Wire         wire.Options
}

// Class is how a page takes posts, by the network's documentation.
type Class string

// The classes of pages.
const (
	ClientKey   Class = ""
	TwoPhase    Class = "two_phase"
	ExpiringKey Class = "expiring_key"
	Listed      Class = "listed"
	Silent      Class = "silent"
)

// Classes are all of them.
func Classes() []Class { return []Class{ClientKey, TwoPhase, ExpiringKey, Listed, Silent} }

// NameOf is the network's name in the registry and on accounts, for pages of a class.
func NameOf(class Class) string {
	if class == ClientKey {
		return Name
	}
	return Name + "_" + string(class)
}

// Connector implements networks.Connector.
type Connector struct {
	base    string // without a trailing slash
	host    string // of base
	byToken bool
	class   Class
	lasts   time.Duration // of a key of class ExpiringKey
	oauth   oauth2.Config
	wire    *wire.Client
}

var _ networks.Connector = (*Connector)(nil)

// New checks the configuration; it does not speak to the network yet. Close the
// connector when done.
func New(c Config) (*Connector, error) {
	address, err := url.Parse(c.URL)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, errors.New("the sandbox network's URL must be an http or https address")
	}
	if !c.ByToken && (c.ClientID == "" || c.ClientSecret.IsZero()) {
		return nil, errors.New("the sandbox network needs a client id and a client secret")
	}
	if !slices.Contains(Classes(), c.Class) {
		return nil, errors.New("the sandbox network has no such class of pages")
	}
	base := strings.TrimSuffix(c.URL, "/")
	return &Connector{base: base, host: address.Host, byToken: c.ByToken, class: c.Class, lasts: cmp.Or(c.KeyLasts, keyLasts), wire: wire.NewClient(c.Wire), oauth: oauth2.Config{
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

// request makes an API request that carries the credential.
func (c *Connector) request(
	ctx context.Context, method string, credential networks.Credential, path ...string,
) (*http.Request, error) {
	bearer, ok := bearerOf(credential)
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
	r.Header.Set("Authorization", "Bearer "+bearer.Reveal())
	r.Header.Set("Sandbox-Version", version)
	r.Header.Set("Accept", "application/json")
	return r, nil
}

// bearerOf is the token that requests carry.
func bearerOf(credential networks.Credential) (networks.Secret, bool) {
	if bot, ok := credential.BotToken(); ok {
		return bot.Token, true
	}
	tokens, ok := credential.OAuth2()
	return tokens.AccessToken, ok
}

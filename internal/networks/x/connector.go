// Package x connects Behalf to X, by the documentation of its API v2
// (github.com/xdevplatform/docs, its openapi.json 2.167).
package x

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/text"
	"behalf/internal/networks/wire"
)

// Name is the network's name in the registry and on accounts.
const Name = "x"

const title = "X"

// Of the documentation: x-api/media/quickstart/best-practices for media,
// openapi.json for the length of an alternative text.
const (
	apiVersion    = "2"
	maxText       = 280 // weighted characters, see text.Weighted
	maxImages     = 4
	maxImageBytes = 5_000_000
	maxVideoBytes = 512_000_000
	minFilm       = 500 * time.Millisecond
	maxFilm       = 140 * time.Second
	maxAlt        = 1000
	segmentBytes  = 4_000_000 // of a film; at most 1000 segments
)

// Posts in a time, by x-api/fundamentals/rate-limits: POST /2/tweets.
var budgets = []networks.Budget{
	{Scope: networks.ScopeAccount, Calls: 100, Per: 15 * time.Minute},
	{Scope: networks.ScopeClient, Calls: 10_000, Per: 24 * time.Hour},
}

// scopes, by fundamentals/authentication/oauth-2-0: offline.access brings the refresh token.
var scopes = []string{"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"}

// Addresses of the network.
type Addresses struct {
	Web string // where people authorize
	API string
}

// Public are X's own.
var Public = Addresses{Web: "https://x.com", API: "https://api.x.com"}

// Config of a connector.
type Config struct {
	ClientID     string          // of the application in X's developer console
	ClientSecret networks.Secret // the same; the application is a confidential client
	Addresses    Addresses       // Public when zero
	Wire         wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	at   Addresses
	flow codeflow.Flow
	rest rest.Client
}

var _ networks.Connector = (*Connector)(nil)

// New checks the configuration; it does not speak to the network yet. Close the
// connector when done.
func New(c Config) (*Connector, error) {
	if c.ClientID == "" || c.ClientSecret.IsZero() {
		return nil, errors.New("a client id and a client secret are needed for X")
	}
	if c.Addresses == (Addresses{}) {
		c.Addresses = Public
	}
	client := wire.NewClient(c.Wire)
	made := &Connector{at: c.Addresses}
	made.rest = rest.Client{Wire: client, Title: title, Classify: made.Classify}
	made.flow = codeflow.Flow{
		Title: title, PKCE: true, Scoped: true, Wire: client, Classify: made.Classify,
		OAuth: oauth2.Config{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scopes: scopes,
			Endpoint: oauth2.Endpoint{
				AuthURL:   c.Addresses.Web + "/i/oauth2/authorize",
				TokenURL:  c.Addresses.API + "/2/oauth2/token",
				AuthStyle: oauth2.AuthStyleInHeader,
			},
		},
	}
	return made, nil
}

// Close closes idle connections.
func (c *Connector) Close() { c.rest.Wire.Close() }

// Format keeps the client secret out of logs.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("connector to X")) }

// Capabilities implements networks.Connector. X refuses the same text twice for
// a while, which it does not document and which names no post: no promise.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:       title,
		Idempotency: networks.NotIdempotent,
		Reconciling: networks.ByScan,
		// The timeline follows a post within seconds; X does not say how many.
		AbsentAfter:   time.Minute,
		RefreshBefore: 20 * time.Minute, // of two hours
		Revoking:      true,
		Deleting:      true,
		Budgets:       budgets,
		API:           networks.API{Version: apiVersion, Source: "https://docs.x.com/x-api/introduction"},
	}
}

// Limits implements networks.Connector: those of an account without a
// subscription, which are good for every account.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text: networks.TextLimit{Min: 1, Max: maxText, Unit: "weighted characters", Count: text.Weighted},
		Link: networks.LinkInText,
		Images: networks.MediaLimit{
			Max: maxImages, Types: []string{"image/jpeg", "image/png", "image/webp"}, MaxBytes: maxImageBytes,
		},
		Videos: networks.MediaLimit{
			Max: 1, Types: []string{"video/mp4", "video/quicktime"}, MaxBytes: maxVideoBytes,
			MinDuration: minFilm, MaxDuration: maxFilm,
		},
		MaxMedia: maxImages, MaxAlt: maxAlt,
	}, nil
}

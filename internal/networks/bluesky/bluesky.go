// Package bluesky connects Behalf to Bluesky and every other server of the AT
// Protocol, with app passwords.
//
// Documentation: https://docs.bsky.app and https://atproto.com/specs
// (bluesky-social/bsky-docs, the lexicons of bluesky-social/atproto). What was
// seen on a real server is in docs/networks.md.
package bluesky

import (
	"context"
	"fmt"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

// Name is the network's name in the registry and on accounts.
const Name = "bluesky"

const (
	title = "Bluesky"

	// DefaultHost serves all accounts that Bluesky itself hosts.
	DefaultHost = "https://bsky.social"
	// DefaultDirectory says where an identity is hosted (did:plc).
	DefaultDirectory = "https://plc.directory"

	collection = "app.bsky.feed.post"

	maxText    = 300     // graphemes: lexicon app.bsky.feed.post
	maxBytes   = 3000    // of UTF-8: the same
	maxImages  = 4       // lexicon app.bsky.embed.images
	maxImage   = 2000000 // bytes: the same, as in the PDS 0.5.35; 1,000,000 before
	maxAlt     = 2000    // characters: the app's own limit; the lexicon has none
	maxVideo   = 100000000
	maxSeconds = 180 // bsky.app/profile/bsky.app, March 2025: three minutes, 100 MB

	refreshBefore = 10 * time.Minute
	// absentAfter is for a call that is still under way when the server is asked.
	absentAfter   = 30 * time.Second
	uploadTimeout = 10 * time.Minute
)

// Config of a connector. The zero value is good for production.
type Config struct {
	Host      string // where accounts are looked for that do not say where they are; DefaultHost when empty
	Directory string // of did:plc; DefaultDirectory when empty
	Guard     guard.Options
	Wire      wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	host, directory string
	guard           guard.Options
	wire            *wire.Client
	uploads         *wire.Client // the same, with the patience that media take
}

var _ networks.Connector = (*Connector)(nil)

// New makes a connector; close it when done.
func New(c Config) *Connector {
	if c.Host == "" {
		c.Host = DefaultHost
	}
	if c.Directory == "" {
		c.Directory = DefaultDirectory
	}
	uploads := c.Wire
	if uploads.Timeout == 0 {
		uploads.Timeout = uploadTimeout
	}
	return &Connector{
		host: c.Host, directory: c.Directory, guard: c.Guard,
		wire: wire.NewClient(c.Guard.Wire(c.Wire)), uploads: wire.NewClient(c.Guard.Wire(uploads)),
	}
}

// Close closes idle connections.
func (c *Connector) Close() {
	c.wire.Close()
	c.uploads.Close()
}

func (c *Connector) String() string { return "Bluesky by way of " + c.host }

// GoString keeps %#v from printing what is inside.
func (c *Connector) GoString() string { return c.String() }

// Format does the same for every other verb.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// budgets are posts in a time, by docs.bsky.app/docs/advanced-guides/rate-limits:
// 5,000 points an hour and 35,000 a day for an account, and a record takes 3.
var budgets = []networks.Budget{
	{Scope: networks.ScopeAccount, Calls: 5_000 / 3, Per: time.Hour},
	{Scope: networks.ScopeAccount, Calls: 35_000 / 3, Per: 24 * time.Hour},
}

// Capabilities implements networks.Connector. The name of a post is chosen here.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:         title,
		Idempotency:   networks.ClientID,
		Reconciling:   networks.ByKey,
		AbsentAfter:   absentAfter,
		RefreshBefore: refreshBefore,
		Revoking:      true,
		Deleting:      true,
		Budgets:       budgets,
		API:           networks.API{Source: "https://docs.bsky.app/docs/api/com-atproto-repo-put-record"},
	}
}

// Limits implements networks.Connector: the same on every server.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text:     networks.TextLimit{Min: 1, Max: maxText, Unit: "characters", Count: count},
		Link:     networks.LinkInText,
		Images:   networks.MediaLimit{Max: maxImages, Types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}, MaxBytes: maxImage},
		Videos:   networks.MediaLimit{Max: 1, Types: []string{"video/mp4"}, MaxBytes: maxVideo, MaxDuration: maxSeconds * time.Second},
		MaxMedia: maxImages, MaxAlt: maxAlt,
	}, nil
}

// count counts graphemes; a text of few graphemes and too many bytes is too
// long by one.
func count(text string) int {
	n := countGraphemes(text)
	if len(text) > maxBytes {
		return max(n, maxText+1)
	}
	return n
}

// countGraphemes counts what people take for characters (Unicode annex 29).
func countGraphemes(text string) (n int) {
	for g := graphemes.FromString(text); g.Next(); {
		n++
	}
	return n
}

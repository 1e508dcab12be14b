// Package wordpress connects Behalf to WordPress sites that people host
// themselves, over their REST API with application passwords.
//
// Documentation: https://developer.wordpress.org/rest-api/ (WP-API/docs). What
// was seen on a real WordPress is in docs/networks.md.
package wordpress

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

// Name is the network's name in the registry and on accounts.
const Name = "wordpress"

const (
	title = "The WordPress site"

	maxMedia = 20   // ours: WordPress has no limit
	maxAlt   = 5000 // ours, characters: WordPress has no limit

	// absentAfter is for a publish call that still runs on the site when it is
	// asked: PHP ends one after max_execution_time, 30 seconds by default.
	absentAfter = 2 * time.Minute

	uploadTimeout = 10 * time.Minute
)

// Config of a connector. The zero value is good for production.
type Config struct {
	Guard guard.Options
	Wire  wire.Options
}

// Connector implements networks.Connector.
type Connector struct {
	guard   guard.Options
	wire    *wire.Client
	uploads *wire.Client // the same, with the patience that media take
}

var _ networks.Connector = (*Connector)(nil)

// New makes a connector; close it when done.
func New(c Config) *Connector {
	uploads := c.Wire
	if uploads.Timeout == 0 {
		uploads.Timeout = uploadTimeout
	}
	return &Connector{
		guard: c.Guard, wire: wire.NewClient(c.Guard.Wire(c.Wire)), uploads: wire.NewClient(c.Guard.Wire(uploads)),
	}
}

// Close closes idle connections.
func (c *Connector) Close() {
	c.wire.Close()
	c.uploads.Close()
}

func (c *Connector) String() string { return "WordPress sites" }

// GoString keeps %#v from printing what is inside.
func (c *Connector) GoString() string { return c.String() }

// Format does the same for every other verb.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// Capabilities implements networks.Connector. A post is drafted first and
// published by its id, which can be repeated.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:             "WordPress",
		Hosted:            true,
		Idempotency:       networks.TwoPhase,
		Reconciling:       networks.ByPrepared,
		AbsentAfter:       absentAfter,
		PostingIdentities: true,
		Revoking:          true,
		Deleting:          true,
		API:               networks.API{Version: "wp/v2", Source: "https://developer.wordpress.org/rest-api/reference/"},
	}
}

// Limits implements networks.Connector: what WordPress takes unless a site says
// otherwise. How large a file may be is the host's matter, and only an upload
// tells.
func (c *Connector) Limits(context.Context, string) (networks.Limits, error) {
	return networks.Limits{
		Text:   networks.TextLimit{Min: 1, Unit: "characters", Count: utf8.RuneCountInString},
		Link:   networks.LinkInText,
		Images: networks.MediaLimit{Max: maxMedia, Types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}},
		Videos: networks.MediaLimit{Max: maxMedia, Types: []string{"video/mp4", "video/quicktime", "video/webm", "video/ogg"}},

		MaxMedia: maxMedia, Mixed: true, MaxAlt: maxAlt,
	}, nil
}

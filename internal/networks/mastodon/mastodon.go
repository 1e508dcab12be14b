// Package mastodon connects Behalf to Mastodon and to other servers of the same
// API. An installation registers itself with each server that somebody names.
//
// Documentation: https://docs.joinmastodon.org (mastodon/documentation). Other
// servers differ in what they ignore and how they refuse; docs/networks.md says
// what was seen.
package mastodon

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

// Name is the network's name in the registry and on accounts.
const Name = "mastodon"

const (
	title = "The Mastodon server"

	// scopes are no more than is used (docs.joinmastodon.org/api/oauth-scopes):
	// who it is, what was posted, posting, and media. In the narrow form, which is
	// known since 2.4.3.
	scopes = "read:accounts read:statuses write:statuses write:media"

	// absentAfter is for a call that is still under way when the latest posts are
	// read, and for a server that shows them late.
	absentAfter   = 5 * time.Minute
	refreshBefore = 10 * time.Minute
	uploadTimeout = 10 * time.Minute

	// defaultPoll is between two looks whether a medium is ready.
	defaultPoll = 2 * time.Second
)

// Config of a connector.
type Config struct {
	Registrations networks.Registrations // where this installation's registrations with servers are kept
	Guard         guard.Options
	Wire          wire.Options
	Poll          time.Duration // between two looks whether a medium is ready; two seconds when zero
}

// Connector implements networks.Connector.
type Connector struct {
	registrations networks.Registrations
	guard         guard.Options
	wire          *wire.Client
	uploads       *wire.Client // the same, with the patience that media take
	poll          time.Duration

	mu     sync.Mutex
	limits map[string]remembered // by server
}

var _ networks.Connector = (*Connector)(nil)

// New makes a connector; close it when done.
func New(c Config) *Connector {
	if c.Poll == 0 {
		c.Poll = defaultPoll
	}
	uploads := c.Wire
	if uploads.Timeout == 0 {
		uploads.Timeout = uploadTimeout
	}
	return &Connector{
		registrations: c.Registrations, guard: c.Guard, poll: c.Poll, limits: map[string]remembered{},
		wire: wire.NewClient(c.Guard.Wire(c.Wire)), uploads: wire.NewClient(c.Guard.Wire(uploads)),
	}
}

// Close closes idle connections.
func (c *Connector) Close() {
	c.wire.Close()
	c.uploads.Close()
}

func (c *Connector) String() string { return "Mastodon servers" }

// GoString keeps %#v from printing what is inside.
func (c *Connector) GoString() string { return c.String() }

// Format does the same for every other verb.
func (c *Connector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// budgets are posts in a time, by docs.joinmastodon.org/api/rate-limits: every
// call of an account counts, and each post is one at least.
var budgets = []networks.Budget{{Scope: networks.ScopeAccount, Calls: 300, Per: 5 * time.Minute}}

// Capabilities implements networks.Connector. Mastodon itself remembers a key
// for an hour; other servers of its API ignore it, and from outside they cannot
// be told apart: the key is sent, and nothing is built on it.
func (c *Connector) Capabilities() networks.Capabilities {
	return networks.Capabilities{
		Title:         "Mastodon",
		Hosted:        true,
		Idempotency:   networks.NotIdempotent,
		Reconciling:   networks.ByScan,
		AbsentAfter:   absentAfter,
		RefreshBefore: refreshBefore,
		Revoking:      true,
		RevokesPerson: true, // a person's next authorization answers the token that there is already
		Deleting:      true,
		Budgets:       budgets,
		API:           networks.API{Version: "v1, media and instance v2", Source: "https://docs.joinmastodon.org/methods/statuses/"},
	}
}

// remote is an account's id: the server's base address and its own id there.
func remote(base, id string) string { return base + "#" + id }

// split undoes remote; ok is false for what is not one.
func split(remote string) (base, id string, ok bool) {
	base, id, ok = strings.Cut(remote, "#")
	return base, id, ok && base != "" && id != ""
}

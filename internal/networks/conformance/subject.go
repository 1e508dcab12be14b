package conformance

import (
	"testing"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// Subject is a connector under test.
type Subject struct {
	// Start makes a network and a connector to it, for one test.
	Start    func(t *testing.T, o wire.Options) *World
	Calls    Calls
	Recorded []Scenario
	// Spell makes a text that counts as n of the network's units; nil: n letters "ä".
	Spell func(n int) string
	// Link is the address that texts link to; https://example.com/story when empty.
	Link string
	// RedirectURI is where the network sends people back; RedirectURI when empty.
	RedirectURI string
	// Outlives is a network whose access tokens live on after Revoke, until they
	// expire; World.Expire is that time.
	Outlives bool
	// Sequential runs the tests one after another, where Start is dear.
	Sequential bool
}

// Calls are patterns of http.ServeMux: which request is which. Empty where the
// connector makes no such request.
type Calls struct {
	Publish   string // the irreversible one
	Prepare   string // the first one for a picture
	Verify    string // the first one of VerifyAccess
	Reconcile string // the first one of Reconcile
	Exchange  string
	Refresh   string
	Delete    string
}

// World is a network of its own with a connector to it.
type World struct {
	networks.Connector
	Gate *fake.Gate

	Host     string   // what a person types where Capabilities.Hosted
	Account  string   // that fake.Olivia may post to, and fake.Carl may not
	Identity string   // a posting identity of the account; empty where there is none
	Secrets  []string // that must not come out: the client's, passwords

	// Answer walks a person through what Authorize started, a redirect or a
	// form. A form that knows no refusal gets allow = true only.
	Answer func(t *testing.T, person string, start networks.AuthStart, allow bool) networks.Callback
	// Posts reads what stands on the account back, oldest first.
	Posts func(t *testing.T) []fake.Post

	// Uploads counts the media that have arrived whole; nil: nothing is prepared.
	Uploads func(t *testing.T) int
	// Left counts what was prepared, is not used, and could have been removed;
	// nil: the network removes nothing.
	Left func(t *testing.T) int
	// Expire ends every access token; nil: they do not expire.
	Expire func(t *testing.T)
	// End takes a person's authorization back at the network; nil: not testable.
	End func(t *testing.T, person string)
	// Decline has a person leave the scope out, when they authorize, that posts are
	// made with, and answers it; nil: the network asks for all or nothing, or does
	// not tell.
	Decline func(t *testing.T, person string) (scope string)
	// Demote takes the right to post on Account from a person whose
	// authorization lives; nil: on this network nobody else could have it.
	Demote func(t *testing.T, person string)
}

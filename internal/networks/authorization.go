package networks

import "net/url"

// AuthRequest asks for an authorization.
type AuthRequest struct {
	RedirectURI string // where the network sends the person back; compared exactly by the network
	Host        string // where Capabilities.Hosted: as the person typed it, at most 253 characters; checked by the connector
}

// AuthStart is a started authorization: a redirect or a form, never both.
type AuthStart struct {
	URL     string  // where the person's browser goes; empty with a form
	Form    []Field // what the person is asked for instead, in this order
	State   string  // finds Pending again, and is no proof of anything by itself; with a redirect it comes back in the callback's query
	Pending Pending // what Exchange needs; seal it until then
}

// Field is one thing that a person is asked for where the network knows no
// redirect: an application password, a bot token, the address of a webhook.
type Field struct {
	Name      string // for machines: "password"
	Label     string // for the person
	Help      string // where the person finds it; may be empty
	Secret    bool   // not shown while it is typed
	Optional  bool   // may be left empty
	MaxLength int    // characters
}

// Callback is what the person brought back.
type Callback struct {
	Query   url.Values        // the query of the redirect URI as it was called; holds a code that must not be logged
	Fields  map[string]Secret // the form, by Field.Name
	Pending Pending           // what AuthStart answered for the state
}

package domain

// Issuer says who may issue a command at all; its decision says the rest.
type Issuer string

// The issuers of commands.
const (
	ByMember Issuer = "member" // a signed-in user, through the API's generic handler
	ByFlow   Issuer = "flow"   // a signed-in user, at the end of a flow with its own endpoint
	BySystem Issuer = "system" // a part of Behalf; the API does not offer it
)

// CommandType describes one command to whoever decodes, decides or documents it.
type CommandType struct {
	Name    string // the Go type's name: "InviteClient"
	Issuer  Issuer
	Summary string // one sentence for people: API documentation, audit log
	Rules   []Rule // the rules that its decision applies
	// Dangerous: it is taken only from a person who has proved who they are a
	// moment ago, in this session; from an API token never.
	Dangerous bool

	// New returns a pointer to the command's zero value, to decode into.
	New func() any
	// Streams lists the streams that the decision reads or writes; the first is
	// the one that the command is about. cmd is what New returned.
	Streams func(cmd any, ws WorkspaceID, by Actor) []Stream
	// More lists streams that the decision needs as well and that only those
	// named by Streams tell of. May be nil.
	More func(cmd any, ws WorkspaceID, facts Facts, by Actor) []Stream
	// Decide answers what happens, or a *Refusal.
	Decide func(cmd any, ws WorkspaceID, facts Facts, by Actor) ([]Change, error)
}

// Starter is a command that begins a new stream. Start gives it the new
// aggregate's id, unless the caller chose one.
type Starter interface{ Start(by Actor) }

// Aggregate is everything that the rest of Behalf needs to know of one kind of stream.
type Aggregate struct {
	Category Category
	New      func() State // the state before the first event
	Events   []EventType
	Commands []CommandType
}

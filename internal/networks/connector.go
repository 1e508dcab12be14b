package networks

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Connector speaks to one network. It holds no state of any person and is safe
// for concurrent use. Errors of its calls are *Failure; they and everything
// else that a connector answers hold no token, secret or password (R41), the
// types in this package that redact themselves aside.
//
// Every call ends when its context does, and after a time-out of the connector
// when the context has no deadline. No call follows a redirect.
type Connector interface {
	// Capabilities says what the network can do and where its limits are.
	Capabilities() Capabilities

	// Authorize starts an authorization; nothing is sent to the network yet.
	Authorize(r AuthRequest) (AuthStart, error)
	// Exchange turns the answer that the person's browser brought back into a
	// credential. Denied: the person said no. Reauth: the answer is expired or
	// was used before; authorize again.
	Exchange(ctx context.Context, cb Callback) (Credential, error)
	// Refresh renews a credential. The caller holds the connection's lock and
	// stores what comes back before using it. An answer without a refresh token
	// keeps the one that c holds (R46). Reauth only when the network documents
	// that the authorization has ended (R45).
	Refresh(ctx context.Context, c Credential) (Credential, error)

	// Accounts lists what the credential's person may post to.
	Accounts(ctx context.Context, c Credential) ([]Account, error)
	// VerifyAccess asks the network whether the session's credential may post to
	// its account at this moment (R37). NoPermission: it may not.
	VerifyAccess(ctx context.Context, s Session) (Access, error)

	// Publish makes the one irreversible call. Repeating it with the same
	// attempt is safe only where Capabilities.Idempotency says so. It honours
	// SendBefore.
	Publish(ctx context.Context, s Session, a Attempt) (Published, error)
	// Reconcile asks the network whether an attempt was carried out. An error
	// means that the network could not be asked now; ask again later.
	Reconcile(ctx context.Context, s Session, a Attempt) (Verdict, error)

	// Classify says what an answer means; nil when it is a success. It is pure:
	// the same answer means the same thing at any time.
	Classify(a Answer) *Failure
}

// AuthRequest asks for an authorization.
type AuthRequest struct {
	RedirectURI string // where the network sends the person back; compared exactly by the network
}

// AuthStart is a started authorization.
type AuthStart struct {
	URL     string  // where the person's browser goes
	State   string  // comes back in the callback's query; finds Pending again, and is no proof of anything by itself
	Pending Pending // what Exchange needs; seal it until then
}

// Callback is what the person's browser brought back.
type Callback struct {
	Query   url.Values // the query of the redirect URI as it was called; holds a code that must not be logged
	Pending Pending    // what AuthStart answered for the query's state
}

// Account is something on the network that posts appear as.
type Account struct {
	RemoteID   string     // the network's id, stable
	Name       string     // for people
	URL        string     // where people see it
	Identities []Identity // what a post may appear as instead (R40); empty on most networks
}

// Identity is a posting identity: a profile or an author.
type Identity struct {
	RemoteID string
	Name     string
}

// Session is a credential at work: on which account, and posting as whom.
type Session struct {
	Credential Credential
	Account    string // Account.RemoteID
	Identity   string // Identity.RemoteID; empty = the account itself
}

// Access is the network's word that a credential may post.
type Access struct {
	Account Account
	Person  Person // whose credential it is
}

// Person is somebody as the network knows them.
type Person struct {
	RemoteID string
	Name     string
}

// Attempt is one try to publish. It is stored before Publish is called, and is
// the same again when the same revision of the same target is tried again.
type Attempt struct {
	Key  string // chosen by Behalf, unique per target and revision: 1-64 of a-z A-Z 0-9 _ -
	Text string
}

// Published is a post that is live.
type Published struct {
	RemoteID string
	URL      string // the permalink
}

// Verdict is what the network says about an attempt.
type Verdict struct {
	State     VerdictState
	Published Published // set when Live
}

// VerdictState is whether an attempt was carried out.
type VerdictState string

// The verdicts of Reconcile.
const (
	Live    VerdictState = "live"    // it was carried out
	Absent  VerdictState = "absent"  // it certainly was not: it may be sent again
	Unknown VerdictState = "unknown" // the network cannot say: a person decides (R59)
)

// Call is the kind of call that an Answer came back on.
type Call string

// The kinds of calls. Only Publish, Refresh and Exchange change anything.
const (
	CallExchange Call = "exchange"
	CallRefresh  Call = "refresh"
	CallRead     Call = "read"
	CallPublish  Call = "publish"
)

// Answer is everything that a call brought back.
type Answer struct {
	Call   Call
	Sent   bool  // whether any byte of the request left; without meaning when Status is set
	Err    error // why there is no complete answer; nil when there is one
	Status int   // 0 when not even the head of an answer came
	Header http.Header
	Body   []byte
}

// Capabilities is what a network can do.
type Capabilities struct {
	Text              TextLimit
	Idempotency       Idempotency
	Reconciling       Reconciling
	PostingIdentities bool          // whether accounts may have Identities (R40)
	RefreshBefore     time.Duration // how long before its expiry a credential should be refreshed
}

// TextLimit is how much text a post may hold.
type TextLimit struct {
	Min, Max int
	Unit     string           // what is counted, for people: "characters"
	Count    func(string) int // counts as the network counts
}

// Idempotency is what happens when the same attempt is published twice.
type Idempotency string

// The classes of idempotency.
const (
	// ClientID: the key names the post; a repeated call answers the first post, at any time.
	ClientID Idempotency = "client_id"
)

// Reconciling is how Reconcile finds out.
type Reconciling string

// The kinds of reconciling.
const (
	// ByKey: the network answers by the attempt's key, so that Absent is proof.
	ByKey Reconciling = "by_key"
)

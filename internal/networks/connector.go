package networks

import (
	"context"
	"errors"
)

// ErrUnsupported answers a call that the network does not have; Capabilities
// says beforehand which these are.
var ErrUnsupported = errors.New("the network has no such call")

// Connector speaks to one network. It holds no state of any person and is safe
// for concurrent use. Errors of its calls are *Failure or ErrUnsupported; they
// and everything else that a connector answers hold no token, secret or
// password (R41), the types in this package that redact themselves aside.
//
// Every call ends when its context does, and after a time-out of the connector
// when the context has no deadline. No call follows a redirect. No call is
// repeated by itself.
type Connector interface {
	// Capabilities says what the network is like. It never asks the network.
	Capabilities() Capabilities
	// Limits says what a post on the account with this Account.RemoteID may hold.
	// Where hosts differ it asks the account's host, without a credential, and
	// remembers the answer for a while.
	Limits(ctx context.Context, remote string) (Limits, error)

	Authorizer
	Publisher

	// Classify says what an answer means; nil when it is a success. It is pure:
	// the same answer means the same thing at any time.
	Classify(a Answer) *Failure
}

// Authorizer makes, renews, checks and ends credentials.
type Authorizer interface {
	// Authorize starts an authorization. Where the network is spread over hosts
	// it may register this installation with the host (Registrations).
	// Rejected: there is no such host, or it is not one of this network.
	Authorize(ctx context.Context, r AuthRequest) (AuthStart, error)
	// Exchange turns the answer that the person's browser brought back, or the
	// form that the person filled in, into a credential. Denied: the person said
	// no. Reauth: the answer is expired, wrong or was used before; start again.
	Exchange(ctx context.Context, cb Callback) (Credential, error)
	// Refresh renews a credential that is Refreshable. The caller holds the
	// connection's lock and stores what comes back before using it. An answer
	// without a refresh token keeps the one that c holds (R46). Reauth only when
	// the network documents that the authorization has ended (R45).
	Refresh(ctx context.Context, c Credential) (Credential, error)
	// Revoke ends the credential at the network; one that has ended already is
	// no failure. ErrUnsupported unless Capabilities.Revoking.
	Revoke(ctx context.Context, c Credential) error

	// Accounts lists what the credential's person may post to, with the posting
	// identities of each (R40).
	Accounts(ctx context.Context, c Credential) ([]Account, error)
	// VerifyAccess asks the network whether the session's credential may post to
	// its account, as its identity, at this moment (R37). NoPermission: it may not.
	VerifyAccess(ctx context.Context, s Session) (Access, error)
}

// Publisher brings posts to the network and asks what has become of them.
type Publisher interface {
	// Prepare does everything that nobody can see yet: uploads media, makes the
	// draft or the container. It calls save after every step that would be done
	// twice otherwise, and goes on from a.Prepared, which is what was saved last.
	// It answers what Publish needs. A connector without such steps answers nil.
	Prepare(ctx context.Context, s Session, a Attempt, save Save) (Prepared, error)
	// Discard removes what Prepare made and Publish will not use, as far as the
	// network lets it be removed.
	Discard(ctx context.Context, s Session, p Prepared) error
	// Publish makes the one irreversible call, with what Prepare answered in
	// a.Prepared. Repeating it with the same attempt is safe only where
	// Capabilities.Idempotency says so. It honours SendBefore.
	Publish(ctx context.Context, s Session, a Attempt) (Published, error)
	// Reconcile asks the network whether an attempt was carried out. An error
	// means that the network could not be asked now; ask again later.
	Reconcile(ctx context.Context, s Session, a Attempt) (Verdict, error)
	// Delete removes a published post from the network; one that is gone already
	// is no failure. ErrUnsupported unless Capabilities.Deleting.
	Delete(ctx context.Context, s Session, remoteID string) error
}

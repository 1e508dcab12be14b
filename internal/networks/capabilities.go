package networks

import "time"

// Capabilities is what a network is like, whatever the account.
type Capabilities struct {
	Title       string        // for people: "WordPress"
	Hosted      bool          // spread over hosts: the person names theirs (AuthRequest.Host)
	Manual      bool          // nothing can be published by a program: a person posts by hand and confirms it
	Idempotency Idempotency   // what happens when the same attempt is published twice
	KeyLasts    time.Duration // how long the network remembers a key; only with IdempotencyKey
	Reconciling Reconciling   // how Reconcile finds out
	AbsentAfter time.Duration // an Absent counts once it has been seen for so long after the attempt ended; 0 = at once

	PostingIdentities bool          // whether accounts may have Identities (R40)
	RefreshBefore     time.Duration // how long before its expiry a credential should be refreshed
	Revoking          bool          // whether Revoke does something
	RevokesPerson     bool          // whether Revoke ends everything that the person allowed this installation, and not this credential alone
	Deleting          bool          // whether Delete does something
	DeletesOwn        bool          // whether Delete knows a post only through the credential that it was published with, and calls others' gone
	FetchesMedia      bool          // the network fetches media itself: Media.Public must be there
	Budgets           []Budget      // how often posts may be published, as far as the network says
	API               API           // the version that the connector speaks
}

// Budget is how many posts may be published in a time.
type Budget struct {
	Scope FailureScope // whose they are: ScopeAccount, ScopeClient or ScopeHost
	Calls int
	Per   time.Duration
}

// API is a version of a network's interface.
type API struct {
	Version string    // as the network calls it; empty where it has none
	Retires time.Time // when the network ends it, UTC, by its documentation; zero when it has not said so
	Source  string    // where that is documented
}

// Idempotency is what happens when the same attempt is published twice.
type Idempotency string

// The classes of idempotency.
const (
	// ClientID: the key names the post; a repeated call makes no second one, at any time.
	ClientID Idempotency = "client_id"
	// TwoPhase: publishing what was prepared twice makes one post.
	TwoPhase Idempotency = "two_phase"
	// IdempotencyKey: the network remembers the key for Capabilities.KeyLasts.
	IdempotencyKey Idempotency = "key"
	// DuplicateProof: the network refuses the same content again and names the post that stands.
	DuplicateProof Idempotency = "duplicate_proof"
	// NotIdempotent: a repeated call makes a second post.
	NotIdempotent Idempotency = "none"
)

// Reconciling is how Reconcile finds out.
type Reconciling string

// The kinds of reconciling.
const (
	// ByKey: the network answers by the attempt's key, so that Absent is proof. It
	// is asked without the content, which may be gone.
	ByKey Reconciling = "by_key"
	// ByPrepared: the network says what has become of the draft or container.
	ByPrepared Reconciling = "by_prepared"
	// ByScan: the account's latest posts are searched for the content.
	ByScan Reconciling = "by_scan"
	// NoReconciling: the network cannot be asked; every unclear outcome is a person's to decide.
	NoReconciling Reconciling = "none"
)

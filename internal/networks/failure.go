package networks

import (
	"errors"
	"fmt"
	"time"
)

// FailureKind says what a failed call means for whoever made it.
type FailureKind string

// The kinds of failures.
const (
	Reauth        FailureKind = "reauth"        // documented: the authorization has ended, a person must connect again (R45)
	NoPermission  FailureKind = "no_permission" // the credential lives, but may not do this
	Denied        FailureKind = "denied"        // the person said no to the authorization
	RateLimited   FailureKind = "rate_limited"  // not carried out; again after RetryAfter
	Rejected      FailureKind = "rejected"      // not carried out, and never will be as it is
	Duplicate     FailureKind = "duplicate"     // another post stands in its place: ExistingID
	Gone          FailureKind = "gone"          // the account no longer exists
	Blocked       FailureKind = "blocked"       // not carried out; the network holds this account or client back for its behaviour: nothing for hours
	Misconfigured FailureKind = "misconfigured" // Behalf's own registration with the network is wrong: an operator's matter
	NotSent       FailureKind = "not_sent"      // not one byte left: safe to send again
	Unavailable   FailureKind = "unavailable"   // no usable answer to a call that changes nothing: safe to repeat
	Ambiguous     FailureKind = "ambiguous"     // it may have been carried out: reconcile, never send again blindly (R59)
)

// FailureScope says what a failure is about.
type FailureScope string

// The scopes of failures. Empty is the one call.
const (
	ScopeAccount FailureScope = "account" // every call of the kind for this account
	ScopeClient  FailureScope = "client"  // every call of the kind of this installation's registration with the network
	ScopeHost    FailureScope = "host"    // every call to this host
)

// Failure is why a call to a network failed. It holds only words of ours: no
// text of the network's answer, which might repeat what was sent.
type Failure struct {
	Kind       FailureKind
	Code       string        // for machines: the network's documented code, or one of ours
	Detail     string        // for the person: one sentence
	RetryAfter time.Duration // how long to wait: > 0 for RateLimited and Blocked, elsewhere 0 unless the network said so
	Scope      FailureScope  // what has to wait: of RateLimited, Blocked, Unavailable, and of Ambiguous with RetryAfter
	Everything bool          // with RetryAfter: whatever is called has to wait, not only calls of the same kind; ScopeHost means that anyway
	// OfConnection is set of NoPermission only, where the network documents that the
	// connection lacks what every post needs; where it is not, VerifyAccess can tell.
	OfConnection bool
	ExistingID   string // Duplicate only: the post that stands there
	Cause        error  // what ended the call, when no answer did; nil otherwise
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("%s (%s): %v", f.Kind, f.Code, f.Cause)
	}
	return fmt.Sprintf("%s (%s)", f.Kind, f.Code)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// Passes reports whether it may be gone in a moment.
func (f *Failure) Passes() bool {
	switch f.Kind {
	case NotSent, Unavailable, RateLimited, Ambiguous:
		return true
	default:
		return false
	}
}

// OfRights reports whether it is for the connection's holder to mend, and not for
// whoever wrote the post.
func (f *Failure) OfRights() bool {
	switch f.Kind {
	case NoPermission, Denied, Gone, Blocked:
		return true
	default:
		return false
	}
}

// Unsent is a failure on our side of the network, in the step that code names: it
// is certain that nothing left.
func Unsent(code string, cause error) *Failure {
	return &Failure{
		Kind: NotSent, Code: code, Cause: cause,
		Detail: fmt.Sprintf("Nothing was sent: %s failed on our side.", code),
	}
}

// FailureOf returns the failure that err is, or nil when it is none.
func FailureOf(err error) *Failure {
	failure, _ := errors.AsType[*Failure](err)
	return failure
}

// KindOf returns the kind of failure that err is, or "" when it is none.
func KindOf(err error) FailureKind {
	if failure := FailureOf(err); failure != nil {
		return failure.Kind
	}
	return ""
}

// CodeOf returns the code of the failure that err is, or "" when it is none.
func CodeOf(err error) string {
	if failure := FailureOf(err); failure != nil {
		return failure.Code
	}
	return ""
}

// RetryAfter returns how long a network asked to be left alone, or zero when it
// did not.
func RetryAfter(err error) time.Duration {
	if failure := FailureOf(err); failure != nil {
		return failure.RetryAfter
	}
	return 0
}

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
	Misconfigured FailureKind = "misconfigured" // Behalf's own registration with the network is wrong: an operator's matter
	NotSent       FailureKind = "not_sent"      // not one byte left: safe to send again
	Unavailable   FailureKind = "unavailable"   // no usable answer to a call that changes nothing: safe to repeat
	Ambiguous     FailureKind = "ambiguous"     // it may have been carried out: reconcile, never send again blindly (R59)
)

// Failure is why a call to a network failed. It holds only words of ours: no
// text of the network's answer, which might repeat what was sent.
type Failure struct {
	Kind       FailureKind
	Code       string        // for machines: the network's documented code, or one of ours
	Detail     string        // for the person: one sentence
	RetryAfter time.Duration // RateLimited only: how long to wait, > 0
	ExistingID string        // Duplicate only: the post that stands there
	Cause      error         // what ended the call, when no answer did; nil otherwise
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("%s (%s): %v", f.Kind, f.Code, f.Cause)
	}
	return fmt.Sprintf("%s (%s)", f.Kind, f.Code)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// KindOf returns the kind of failure that err is, or "" when it is none.
func KindOf(err error) FailureKind {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure.Kind
	}
	return ""
}

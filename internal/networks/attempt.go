package networks

import (
	"context"
	"time"
)

// Attempt is one try to publish. It is stored before Publish is called. Key,
// Content, Written and Due are the same again when the same revision of the
// same target is tried again.
type Attempt struct {
	Key      string // chosen by Behalf, unique per target and revision: 1-64 of a-z A-Z 0-9 _ -
	Content  Content
	Written  time.Time // when the revision was written: what a name on the network may be derived from
	Due      time.Time // when it is to be published: what it may be dated
	Begun    time.Time // when this attempt, or the first one that is asked about, was claimed; nothing of it was sent before
	Prepared Prepared  // what Prepare answered or saved last; nil before
}

// Prepared is what Prepare made on the network, in the connector's own form:
// at most 16 KiB, no secret in it. It belongs to one revision, connection and
// posting identity.
type Prepared []byte

// Save keeps what Prepare has made so far. When it fails, Prepare ends.
type Save func(ctx context.Context, p Prepared) error

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

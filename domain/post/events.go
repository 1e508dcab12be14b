package post

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Scheduled: targets are to be published at a moment. Those with gates wait for
// approval first.
type Scheduled struct {
	Revision   int                         `json:"revision"`
	At         time.Time                   `json:"at"`
	Zone       string                      `json:"zone,omitempty"` // IANA name, kept for display (R57)
	Gates      map[domain.AccountID][]Gate `json:"gates,omitempty"`
	Accounts   []domain.AccountID          `json:"accounts,omitempty"`    // which targets; none: all
	OnApproval bool                        `json:"on_approval,omitempty"` // what waits goes out once it is approved, and At is until when it may be
	Asked      []domain.UserID             `json:"asked,omitempty"`       // who may approve what waits
}

// TargetScheduled: one target is to be published at a moment, again: after a
// reauthentication (R47) or because a person said "now" (R56).
type TargetScheduled struct {
	Account domain.AccountID `json:"account"`
	At      time.Time        `json:"at"`
}

// TargetClaimed: an attempt began. It is stored before anything is sent and
// says whose credentials it uses (R43). Nothing is sent after the deadline.
type TargetClaimed struct {
	Account    domain.AccountID         `json:"account"`
	Attempt    domain.AttemptID         `json:"attempt"`
	Revision   int                      `json:"revision"`
	Key        string                   `json:"key"` // of (post, account, revision): what the network recognises a repetition by (R59)
	Mode       workspace.CredentialMode `json:"mode"`
	Holder     domain.UserID            `json:"holder"`
	Connection domain.ConnectionID      `json:"connection"`
	Identity   string                   `json:"identity,omitempty"`
	Rules      []domain.Rule            `json:"rules"`          // why this connection
	Begun      time.Time                `json:"begun,omitzero"` // nothing is sent before
	Deadline   time.Time                `json:"deadline"`
}

// TargetReleased: an attempt ended with nothing sent; the target may be tried again.
type TargetReleased struct {
	Account   domain.AccountID `json:"account"`
	Attempt   domain.AttemptID `json:"attempt"`
	Code      string           `json:"code"`
	Detail    string           `json:"detail"`
	NotBefore time.Time        `json:"not_before"`
}

// TargetPublished: the network shows the post.
type TargetPublished struct {
	Account domain.AccountID `json:"account"`
	Attempt domain.AttemptID `json:"attempt"`
	Remote  string           `json:"remote"` // the network's id of the post
	URL     string           `json:"url,omitempty"`
}

// TargetFailed: the network refused the post for good.
type TargetFailed struct {
	Account domain.AccountID `json:"account"`
	Attempt domain.AttemptID `json:"attempt"`
	Code    string           `json:"code"` // the network's own
	Detail  string           `json:"detail"`
	Author  domain.UserID    `json:"author,omitzero"` // whose it is, and who is told
	Holder  domain.UserID    `json:"holder,omitzero"` // whose connection may not do it, where that is why; told too
}

// TargetUnknown: nobody can say whether the network shows the post; a person decides (R59).
type TargetUnknown struct {
	Account domain.AccountID `json:"account"`
	Attempt domain.AttemptID `json:"attempt"`
	Detail  string           `json:"detail"`
	Author  domain.UserID    `json:"author,omitzero"` // whose it is, and who is told
	Owner   domain.UserID    `json:"owner,omitzero"`  // of the workspace, who is told too
}

// TargetUnresolved: nobody has said for a while what has become of a target of
// which that is unknown. Those who can are told once more.
type TargetUnresolved struct {
	Account domain.AccountID `json:"account"`
	Author  domain.UserID    `json:"author"`
	Owner   domain.UserID    `json:"owner"`
}

// TargetTroubled: a target that is due soon was looked over, and the network
// would refuse it as it is.
type TargetTroubled struct {
	Account  domain.AccountID `json:"account"`
	Revision int              `json:"revision"`
	Code     string           `json:"code"` // the network's own
	Detail   string           `json:"detail"`
	To       domain.UserID    `json:"to"`               // the one person who can mend it, and is told
	Rights   bool             `json:"rights,omitempty"` // it is their connection that may not do it, and not what the post says
}

// TargetNeedsReauthentication: nothing was sent, because the connection that
// it goes out through cannot be used until its holder mends it (R44).
type TargetNeedsReauthentication struct {
	Account    domain.AccountID         `json:"account"`
	Attempt    domain.AttemptID         `json:"attempt,omitzero"` // none if there was nothing to attempt it with
	Mode       workspace.CredentialMode `json:"mode"`
	Holder     domain.UserID            `json:"holder"`
	Connection domain.ConnectionID      `json:"connection,omitzero"`
	Code       string                   `json:"code"`
	Detail     string                   `json:"detail"`
}

// TargetMissed: the target's time and grace passed without it being sent (R56).
type TargetMissed struct {
	Account domain.AccountID `json:"account"`
	Code    string           `json:"code"`
	Detail  string           `json:"detail"`
	Author  domain.UserID    `json:"author,omitzero"` // whose it is, and who is told
}

// Passed: the author may not post to some accounts any more, so that the
// targets there are the Owner's (R61). They keep the gates that the author's
// posts had, and lose the author's posting identity.
type Passed struct {
	From     domain.UserID      `json:"from"`
	To       domain.UserID      `json:"to"`
	Accounts []domain.AccountID `json:"accounts"`         // whose targets passed
	Drafts   []domain.AccountID `json:"drafts,omitempty"` // those of them that waited for approval and are drafts now
	Whole    bool               `json:"whole,omitempty"`  // nothing of the post is left to the author: it is the Owner's
}

// The events' names in the log.

func (Scheduled) EventType() string        { return "post.scheduled.v1" }
func (TargetScheduled) EventType() string  { return "post.target_scheduled.v1" }
func (TargetClaimed) EventType() string    { return "post.target_claimed.v1" }
func (TargetReleased) EventType() string   { return "post.target_released.v1" }
func (TargetPublished) EventType() string  { return "post.target_published.v1" }
func (TargetFailed) EventType() string     { return "post.target_failed.v1" }
func (TargetUnknown) EventType() string    { return "post.target_unknown.v1" }
func (TargetUnresolved) EventType() string { return "post.target_unresolved.v1" }
func (TargetTroubled) EventType() string   { return "post.target_troubled.v1" }
func (TargetNeedsReauthentication) EventType() string {
	return "post.target_needs_reauthentication.v1"
}
func (TargetMissed) EventType() string { return "post.target_missed.v1" }
func (Passed) EventType() string       { return "post.passed.v1" }

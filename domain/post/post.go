// Package post holds posts and their targets: what is written, when it goes
// where, and how each target's publishing went.
package post

import (
	"maps"
	"time"

	"behalf/domain"
)

// Post is folded from its stream.
type Post struct {
	Workspace domain.WorkspaceID
	Author    domain.UserID
	Text      string
	Revision  int
	Targets   map[domain.AccountID]Target
}

// Destination is an account that a post goes to.
type Destination struct {
	Account  domain.AccountID `json:"account" doc:"A social account of this workspace."`
	Identity string           `json:"identity,omitempty" maxLength:"200" doc:"Posting identity, where the network has one and you choose it (R36, R39, R40)."`
}

// Target is how far the post has come on one account (R58).
type Target struct {
	Destination
	Author    domain.UserID // whose it is: the post's author, or the Owner once that one may not post there any more (R61)
	State     TargetState
	Due       time.Time
	NotBefore time.Time        // of the next attempt, after one that sent nothing
	Attempt   domain.AttemptID // the latest
	Claim     TargetClaimed    // the latest, whole
	Holder    domain.UserID    // in NeedsReauthentication: who was asked
	Gates     []Gate           // in Waiting: what has still to be approved
}

// TargetState is one step of a target's life.
type TargetState string

// The states of a target.
const (
	Draft                 TargetState = "draft"
	Waiting               TargetState = "waiting"
	Due                   TargetState = "scheduled"
	Claimed               TargetState = "claimed"
	Published             TargetState = "published"
	Failed                TargetState = "failed"
	Unknown               TargetState = "unknown"
	NeedsReauthentication TargetState = "needs_reauthentication"
	Missed                TargetState = "missed"
)

// Gate is an approval that a target waits for (R50, R51).
type Gate string

// The gates.
const (
	TeamGate   Gate = "team"
	ClientGate Gate = "client"
)

// rule is the one that asks for the approval.
func (g Gate) rule() domain.Rule {
	if g == TeamGate {
		return domain.R50
	}
	return domain.R51
}

// Stream names the post's stream.
func Stream(id domain.PostID) domain.Stream { return domain.StreamOf(domain.PostStreams, id) }

// Exists reports whether the post was ever written.
func (p Post) Exists() bool { return !p.Author.IsZero() }

// Evolve takes one more event into the state.
func (p *Post) Evolve(event domain.Event) {
	switch e := event.(type) {
	case Written:
		p.Workspace, p.Author, p.Text, p.Revision = e.Workspace, e.Author, e.Text, 1
		p.Targets = make(map[domain.AccountID]Target, len(e.Targets))
		for _, destination := range e.Targets {
			p.Targets[destination.Account] = Target{Destination: destination, Author: e.Author, State: Draft}
		}
	case Scheduled:
		for account := range p.Targets {
			p.update(account, func(t *Target) { t.schedule(e.At, e.Gates[account]) })
		}
	case TargetScheduled:
		p.update(e.Account, func(t *Target) { t.schedule(e.At, nil) })
	case TargetClaimed:
		p.update(e.Account, func(t *Target) { t.State, t.Attempt, t.Claim = Claimed, e.Attempt, e })
	case TargetReleased:
		p.update(e.Account, func(t *Target) { t.State, t.NotBefore = Due, e.NotBefore })
	case TargetPublished:
		p.update(e.Account, func(t *Target) { t.State = Published })
	case TargetFailed:
		p.update(e.Account, func(t *Target) { t.State = Failed })
	case TargetUnknown:
		p.update(e.Account, func(t *Target) { t.State = Unknown })
	case TargetNeedsReauthentication:
		p.update(e.Account, func(t *Target) { t.State, t.Holder = NeedsReauthentication, e.Holder })
	case TargetMissed:
		p.update(e.Account, func(t *Target) { t.State = Missed })
	case Passed:
		p.pass(e)
	}
}

func (p *Post) pass(e Passed) {
	if e.Whole {
		p.Author = e.To
	}
	for _, account := range e.Accounts {
		p.update(account, func(t *Target) { t.Author, t.Identity = e.To, "" })
	}
	for _, account := range e.Drafts {
		p.update(account, func(t *Target) { t.State = Draft })
	}
}

func (t *Target) schedule(at time.Time, gates []Gate) {
	t.State, t.Due, t.NotBefore, t.Gates = Due, at, at, gates
	if len(gates) > 0 {
		t.State = Waiting
	}
}

func (p *Post) update(account domain.AccountID, change func(*Target)) {
	target := p.Targets[account]
	change(&target)
	p.Targets[account] = target
}

// Clone returns an independent copy.
func (p *Post) Clone() domain.State {
	clone := *p
	clone.Targets = maps.Clone(p.Targets)
	return &clone
}

// Package post holds posts and their targets: what is written, when it goes
// where, who has approved it, and how each target's publishing went.
//
// Here are their state, their events, which approvals they need, and who may do
// what. The commands live in rooms below, by subject.
package post

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
)

// Post is folded from its stream.
type Post struct {
	Workspace domain.WorkspaceID
	Author    domain.UserID
	Content   personal.Text    // of the latest revision; see ReadContent
	Media     []domain.MediaID // that it uses
	Revision  int
	Reviser   domain.UserID // who wrote the latest revision
	Private   bool          // its author's alone, as long as it is a draft (R31)
	Deleted   bool
	Targets   map[domain.AccountID]Target
	Gone      []domain.AccountID                 // to which it went once
	Left      []domain.AccountID                 // of those: where it had gone out, or may have
	Comments  map[domain.CommentID]domain.UserID // who said it
}

// Place is an account that a post goes to, and as whom it appears there.
type Place struct {
	Account  domain.AccountID `json:"account"`
	Identity string           `json:"identity,omitempty"`
}

// Target is how far the post has come on one account (R58).
type Target struct {
	Place
	Author     domain.UserID // whose it is: the post's author, or the Owner once that one may not post there any more (R61)
	State      TargetState
	Due        time.Time
	OnApproval bool             // in Waiting: it goes out once it is approved, at the latest at Due
	NotBefore  time.Time        // of the next attempt, after one that sent nothing
	Attempt    domain.AttemptID // the latest
	Claim      TargetClaimed    // the latest, whole
	Tried      time.Time        // since when Claim's revision was attempted: nothing of it was sent before
	Released   TargetReleased   // why the latest attempt for this Due sent nothing, if one has
	Holder     domain.UserID    // in NeedsReauthentication and HandedOver: who was asked; in Deleting: who wants it gone
	Deadline   time.Time        // of HandedOver: until when it is to be confirmed; of Deleting: until when it is tried
	Unresolved bool             // in Unknown: it was said once more that a person has to decide
	TakenBack  bool             // in Unknown: it was the author's again before that was found (R69)
	Trouble    TargetTroubled   // the latest that was found ahead of its time
	Gates      []Gate           // what has still to be approved before it may go out
	Approvals  []Approval       // of this revision (R54)
	Reminded   time.Time        // the Due that approvers were reminded of
	Remote     string           // in Published: the network's id of the post, if it is known
	URL        string           // in Published: where people see it
}

// TargetState is one step of a target's life.
type TargetState string

// The states of a target.
const (
	Draft                 TargetState = "draft"
	Waiting               TargetState = "waiting"
	Declined              TargetState = "declined"
	Due                   TargetState = "scheduled"
	Claimed               TargetState = "claimed"
	HandedOver            TargetState = "handed_over" // somebody posts it by hand
	Published             TargetState = "published"
	Failed                TargetState = "failed"
	Unknown               TargetState = "unknown"
	NeedsReauthentication TargetState = "needs_reauthentication"
	Missed                TargetState = "missed"
	Deleting              TargetState = "deleting" // it is being taken from the network
)

// States are all of them, in the order of a target's life.
func States() []TargetState {
	return []TargetState{
		Draft, Waiting, Declined, Due, Claimed, HandedOver, Published, Failed, Unknown, NeedsReauthentication, Missed, Deleting,
	}
}

// Idle reports whether the target waits for its author: it is not to go out,
// and nothing of it is anywhere.
func (s TargetState) Idle() bool {
	return s == Draft || s == Declined || s == Missed || s == Failed
}

// Planned reports whether the target is to go out by itself.
func (s TargetState) Planned() bool {
	return s == Waiting || s == Due || s == NeedsReauthentication
}

// HeldPast reports whether the target waits for a connection to be mended, and
// its time has passed: it goes on when a person says so (R47).
func (t Target) HeldPast(now time.Time) bool {
	return t.State == NeedsReauthentication && !now.Before(t.Due)
}

// Unplanned reports whether the target can be planned anew: it waits for its
// author, or for a connection to be mended with what it says not approved yet.
func (t Target) Unplanned() bool {
	return t.State.Idle() || t.State == NeedsReauthentication && len(t.Gates) > 0
}

// Stream names the post's stream.
func Stream(id domain.PostID) domain.Stream { return domain.StreamOf(domain.PostStreams, id) }

// Accounts are those that the post goes to, in one order.
func (p Post) Accounts() []domain.AccountID {
	return slices.SortedFunc(maps.Keys(p.Targets), func(a, b domain.AccountID) int {
		return cmp.Compare(a.String(), b.String())
	})
}

// Exists reports whether the post was written, and not deleted.
func (p Post) Exists() bool { return !p.Author.IsZero() && !p.Deleted }

// IsDraft reports whether nothing of the post was ever to go out, or all of it
// was taken back (R31).
func (p Post) IsDraft() bool {
	for _, target := range p.Targets {
		if target.State != Draft {
			return false
		}
	}
	return true
}

func (p *Post) update(account domain.AccountID, change func(*Target)) {
	target := p.Targets[account]
	change(&target)
	p.Targets[account] = target
}

// Clone returns an independent copy. Slices in it are replaced, never changed.
func (p *Post) Clone() domain.State {
	clone := *p
	clone.Targets = maps.Clone(p.Targets)
	clone.Comments = maps.Clone(p.Comments)
	return &clone
}

// NewID is the id of a post that is to be written: the one that the author has
// given it, or else a fresh one.
func NewID(id domain.PostID, by domain.Actor) domain.PostID {
	if id.IsZero() {
		return by.NewPostID()
	}
	return id
}

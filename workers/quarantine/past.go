package quarantine

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/eventstore"
)

// The times that make a target one to ask about though it waits for a person;
// as log.unreconciled has them.
const (
	heldSince  = 15 * time.Minute   // before the log's last knowledge: its time came
	endedSince = 7 * 24 * time.Hour // and: it was missed, has failed or was held
)

// Past is what a target has been since the log's last knowledge. Somebody may
// have planned it anew since the restore, or edited it; what may have gone out is
// what it was before.
type Past struct {
	WasDue    bool       // it may have gone out
	WasIdle   bool       // if so, only because a person has had it published
	Revisions []Revision // that may have, the earliest first; the last is the present one
}

// Revision is what a post said once.
type Revision struct {
	Number  int
	Content personal.Text // sealed
	Due     time.Time     // of the target, when the revision was replaced
}

// readPast goes through the post's history.
func readPast(ctx context.Context, store *eventstore.Store, q Open, one left) (Past, error) {
	past, state, since := Past{WasIdle: true}, &post.Post{}, time.Time{}
	for recorded, err := range store.Read(ctx, eventstore.Scope{Workspace: one.Workspace}, post.Stream(one.Post), eventstore.UpTo{}) {
		if err != nil {
			return Past{}, err
		}
		before := state.Targets[one.Account].State
		if recorded.Position > q.Origin {
			past.add(*state, one.Account, q, since, recorded.RecordedAt)
		}
		state.Evolve(recorded.Event)
		if state.Targets[one.Account].State != before {
			since = recorded.RecordedAt
		}
	}
	past.add(*state, one.Account, q, since, q.Begun)
	return past, nil
}

// add takes in what the post was from one moment until another.
func (p *Past) add(state post.Post, on domain.AccountID, q Open, since, until time.Time) {
	target, known := state.Targets[on]
	if !known {
		return
	}
	if until.After(q.Begun) {
		until = q.Begun
	}
	if mayHaveGoneOut(target, q, since, until) {
		p.WasDue = true
		p.WasIdle = p.WasIdle && target.State.Idle()
	}
	revision := Revision{Number: state.Revision, Content: state.Content, Due: target.Due}
	if last := len(p.Revisions) - 1; last >= 0 && p.Revisions[last].Number == revision.Number {
		p.Revisions[last] = revision
		return
	}
	p.Revisions = append(p.Revisions, revision)
}

// mayHaveGoneOut reports whether a target that was in its state from one moment
// until another may have gone out by a log that goes on where this one ends.
func mayHaveGoneOut(t post.Target, q Open, since, until time.Time) bool {
	came, ended := !t.Due.After(until), !since.Before(q.Since.Add(-endedSince))
	switch t.State {
	case post.Claimed:
		return true
	case post.Due:
		return came
	case post.Waiting:
		return came || t.OnApproval
	case post.NeedsReauthentication:
		return came && (ended || !t.Due.Before(q.Since.Add(-heldSince)))
	case post.Missed, post.Failed:
		return ended
	default:
		return false
	}
}

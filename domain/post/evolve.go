package post

import (
	"slices"
	"time"

	"behalf/domain"
)

// Evolve takes one more event into the state.
func (p *Post) Evolve(event domain.Event) {
	switch e := event.(type) {
	case WrittenPlain:
		p.write(e.Now())
	case Written:
		p.write(e)
	case Edited:
		p.edit(e)
	case VisibilityChanged:
		p.Private = e.Private
	case Scheduled:
		p.schedule(e)
	case Rescheduled:
		p.each(e.Accounts, func(t *Target) { t.Due, t.NotBefore, t.OnApproval, t.Released = e.At, e.At, false, TargetReleased{} })
	case Unscheduled:
		p.each(e.Accounts, func(t *Target) { t.State = Draft })
	case Approved:
		p.approve(e)
	case Declinement:
		p.each(e.Accounts, func(t *Target) { t.State, t.Gates, t.Approvals = Declined, nil, nil })
	case ApprovalReminded:
		p.each(e.Accounts, func(t *Target) { t.Reminded = t.Due })
	case Deletion:
		p.drop(e.Accounts...)
		p.Deleted = e.Whole
	case Commented:
		if p.Comments == nil {
			p.Comments = map[domain.CommentID]domain.UserID{}
		}
		p.Comments[e.Comment] = e.By
	case CommentDeleted:
		delete(p.Comments, e.Comment)
	case Passed:
		p.pass(e)
	default:
		p.evolveTarget(event)
	}
}

func (p *Post) evolveTarget(event domain.Event) {
	switch e := event.(type) {
	case TargetScheduled:
		p.update(e.Account, func(t *Target) { t.plan(e.At, nil) })
	case TargetClaimed:
		p.update(e.Account, func(t *Target) { t.claim(e) })
	case TargetReleased:
		p.update(e.Account, func(t *Target) { t.State, t.NotBefore, t.Released = Due, e.NotBefore, e })
	case TargetPublished:
		p.update(e.Account, func(t *Target) { t.State, t.Remote, t.URL = Published, e.Remote, e.URL })
	case TargetConfirmed:
		p.update(e.Account, func(t *Target) { t.State, t.URL = Published, e.URL })
	case TargetFailed:
		p.update(e.Account, func(t *Target) { t.State = Failed })
	case TargetUnknown:
		p.update(e.Account, func(t *Target) { t.doubt() })
	case TargetUnresolved:
		p.update(e.Account, func(t *Target) { t.Unresolved = true })
	case TargetNeedsReauthentication:
		p.update(e.Account, func(t *Target) { t.State, t.Holder = NeedsReauthentication, e.Holder })
	case TargetHandedOver:
		p.update(e.Account, func(t *Target) { t.State, t.Holder, t.Deadline = HandedOver, e.To, e.Deadline })
	case TargetMissed:
		p.update(e.Account, func(t *Target) { t.State = Missed })
	case TargetTroubled:
		p.update(e.Account, func(t *Target) { t.Trouble = e })
	case TargetDeletionRequested:
		p.update(e.Account, func(t *Target) { t.State, t.Holder, t.Deadline = Deleting, e.By, e.Deadline })
	case TargetDeletionFailed:
		p.update(e.Account, func(t *Target) { t.State, t.Deadline = Published, time.Time{} })
	case TargetDeleted:
		p.drop(e.Account)
	}
}

func (t *Target) doubt() {
	t.TakenBack = t.State == Draft || t.State == Declined
	t.State, t.Unresolved = Unknown, false
}

func (t *Target) claim(e TargetClaimed) {
	if t.Claim.Revision != e.Revision {
		t.Tried = e.Since()
	}
	t.State, t.Attempt, t.Claim = Claimed, e.Attempt, e
}

func (p *Post) write(e Written) {
	p.Workspace, p.Author, p.Reviser, p.Private = e.Workspace, e.Author, e.Author, e.Private
	p.Content, p.Media, p.Revision = e.Content, e.Media, 1
	p.Targets = make(map[domain.AccountID]Target, len(e.Targets))
	for _, place := range e.Targets {
		p.Targets[place.Account] = Target{Place: place, Author: e.Author, State: Draft}
	}
}

// edit replaces the content. Targets that have gone out, or may have, stay as
// they are; the others lose what was approved (R54).
func (p *Post) edit(e Edited) {
	p.Content, p.Media, p.Revision, p.Reviser = e.Content, e.Media, e.Revision, e.By
	after := make(map[domain.AccountID]Target, len(e.Targets))
	for _, place := range e.Targets {
		target, known := p.Targets[place.Account]
		if !known {
			target = Target{Place: place, Author: p.Author, State: Draft}
		}
		if slices.Contains(e.Open, place.Account) {
			target.Place, target.Approvals, target.Gates = place, nil, e.Gates[place.Account]
		}
		if slices.Contains(e.Planned, place.Account) {
			target.State = Due
			if len(target.Gates) > 0 {
				target.State = Waiting
			}
		}
		after[place.Account] = target
	}
	p.drop(e.Removed...)
	p.Targets = after
}

// drop takes targets from the post.
func (p *Post) drop(accounts ...domain.AccountID) {
	for _, account := range accounts {
		if state := p.Targets[account].State; !state.Idle() && !state.Planned() {
			p.Left = slices.Concat(p.Left, []domain.AccountID{account})
		}
		delete(p.Targets, account)
	}
	p.Gone = slices.Concat(p.Gone, accounts)
}

// schedule plans the targets that the event names, or all of them.
func (p *Post) schedule(e Scheduled) {
	p.Private = false
	accounts := e.Accounts
	if len(accounts) == 0 {
		accounts = p.Accounts()
	}
	for _, account := range accounts {
		p.update(account, func(t *Target) {
			t.plan(e.At, e.Gates[account])
			t.OnApproval = e.OnApproval && t.State == Waiting
		})
	}
}

func (t *Target) plan(at time.Time, gates []Gate) {
	t.State, t.Due, t.NotBefore, t.Gates, t.OnApproval = Due, at, at, gates, false
	t.Holder, t.Deadline, t.Released = domain.UserID{}, time.Time{}, TargetReleased{}
	if len(gates) > 0 {
		t.State = Waiting
	}
}

func (p *Post) approve(e Approved) {
	p.each(e.Accounts, func(t *Target) {
		t.Approvals = append(slices.Clone(t.Approvals), Approval{Gate: e.Gate, By: e.By})
	})
	p.each(e.Passed, func(t *Target) {
		if t.Gates = e.Gates[t.Account]; len(t.Gates) == 0 {
			t.State = Due
		}
	})
}

func (p *Post) pass(e Passed) {
	if e.Whole {
		p.Author = e.To
	}
	p.each(e.Accounts, func(t *Target) { t.Author, t.Identity = e.To, "" })
	p.each(e.Drafts, func(t *Target) { t.State = Draft })
}

func (p *Post) each(accounts []domain.AccountID, change func(*Target)) {
	for _, account := range accounts {
		p.update(account, change)
	}
}

package post

import (
	"cmp"
	"maps"
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// PassToOwner makes a post the Owner's, wholly or on some accounts, whose
// author was removed or may not post there any more (R61). It is issued once
// for every post of that author's that was written before.
type PassToOwner struct {
	Post     domain.PostID
	Author   domain.UserID      // who may not post any more
	Accounts []domain.AccountID // where; none: anywhere
}

// Decide answers nothing for targets that are not the author's any more. What
// waited for approval becomes a draft. What waited for the author to
// reauthenticate goes on at its time, through the Owner's connection, or has
// missed it. Everything else stays as it is: scheduled is scheduled.
func (c PassToOwner) Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !p.Exists() || p.Workspace != ws || !w.Exists() {
		return nil, domain.Hidden()
	}
	passed := Passed{From: c.Author, To: w.Owner, Whole: p.Author == c.Author}
	var held []domain.Event
	for _, id := range p.accounts() {
		target := p.Targets[id]
		if target.Author != c.Author || target.Author == w.Owner {
			continue
		}
		if len(c.Accounts) > 0 && !slices.Contains(c.Accounts, id) {
			passed.Whole = false
			continue
		}
		passed.Accounts = append(passed.Accounts, id)
		switch {
		case target.State == Waiting:
			passed.Drafts = append(passed.Drafts, id)
		case target.State == NeedsReauthentication && by.Now.Before(target.Due):
			held = append(held, TargetScheduled{Account: id, At: target.Due})
		case target.State == NeedsReauthentication:
			held = append(held, TargetMissed{Account: id, Code: "author_gone", Detail: "Its time passed while it waited for somebody who may not post here any more."})
		}
	}
	if len(passed.Accounts) == 0 {
		return nil, nil
	}
	return append([]domain.Event{passed}, held...), nil
}

// accounts are those that the post goes to, in one order.
func (p Post) accounts() []domain.AccountID {
	return slices.SortedFunc(maps.Keys(p.Targets), func(a, b domain.AccountID) int {
		return cmp.Compare(a.String(), b.String())
	})
}

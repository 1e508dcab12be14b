package writing

import (
	"slices"

	"behalf/domain"
	"behalf/domain/post"
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
// missed it; what was edited meanwhile and has gates to pass waits for approval
// (R54). Everything else stays as it is: scheduled is scheduled.
func (c PassToOwner) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	ws, w, p := s.ID, s.Workspace, s.Post
	if !by.IsSystem() || !p.Exists() || p.Workspace != ws || !w.Exists() {
		return nil, domain.Hidden()
	}
	passed := post.Passed{From: c.Author, To: w.Owner, Whole: p.Author == c.Author}
	var held []domain.Event
	for _, id := range p.Accounts() {
		target := p.Targets[id]
		if target.Author != c.Author || target.Author == w.Owner {
			continue
		}
		if len(c.Accounts) > 0 && !slices.Contains(c.Accounts, id) {
			passed.Whole = false
			continue
		}
		passed.Accounts = append(passed.Accounts, id)
		switch ahead := by.Now.Before(target.Due); {
		case target.State == post.Waiting, target.State == post.NeedsReauthentication && ahead && len(target.Gates) > 0:
			passed.Drafts = append(passed.Drafts, id)
		case target.State == post.NeedsReauthentication && ahead:
			held = append(held, post.TargetScheduled{Account: id, At: target.Due})
		case target.State == post.NeedsReauthentication:
			held = append(held, post.TargetMissed{Account: id, Author: w.Owner, Code: "author_gone", Detail: "Its time passed while it waited for somebody who may not post here any more."})
		}
	}
	if len(passed.Accounts) == 0 {
		return nil, nil
	}
	return append(s.On(append([]domain.Event{passed}, held...)...), s.Release(passed.Drafts)...), nil
}

// passToOwner is decided like a member's command, but by Behalf itself.
func passToOwner() domain.CommandType {
	passes := post.InScene[PassToOwner]("PassToOwner", "Make a post the Owner's whose author may not post any more.")
	passes.Issuer, passes.Rules = domain.BySystem, []domain.Rule{domain.R61}
	return passes
}

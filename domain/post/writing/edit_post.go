package writing

import (
	"maps"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// EditPost replaces what a post says and where it goes. What has gone out, or
// may have, stays as it is; what may have and turns out not to have goes out as
// it reads now. Gates that apply open again (R54), and an account that is added
// to a scheduled post is scheduled with it.
type EditPost struct {
	Post domain.PostID `json:"post" doc:"The post."`
	post.Content

	Checked post.Checked `json:"-"` // against the networks' limits; looked up
}

// Decide refuses with R17, R27 or R28 who may not change the post, with R36,
// R40 or R60 a content that cannot be, with R59 while it is being sent or a
// person posts it by hand, and with R57 an account where another post has its
// minute.
func (c EditPost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	writer, err := s.Post.Changer(s.ID, s.Workspace, by)
	if err != nil {
		return nil, err
	}
	if err := s.Post.MustRest(); err != nil {
		return nil, err
	}
	if len(s.Post.In(func(state post.TargetState) bool { return state == post.HandedOver })) > 0 { // they have what was approved
		return nil, domain.Clash(domain.R59, "handed_over", "Somebody posts this by hand at this moment. Change it once they have confirmed that, or it was missed.")
	}
	if err := c.CheckFor(s.Workspace, writer, s.Post); err != nil {
		return nil, err
	}
	edited := post.Edited{
		Revision: s.Post.Revision + 1, By: by.User, Author: s.Post.Author, Content: c.Seal(s.ID), Media: c.Used(), Targets: kept(s.Post, c.Places()),
	}
	compare(&edited, s.Post, by.Now)
	edited.Gates = reopened(s, edited.Open, by.User)
	edited.Asked = s.Post.Asked(s.Workspace, toPass(edited))

	after := amended(s, edited)
	if len(after.Post.In(post.TargetState.Planned)) > 0 {
		if err := c.Checked.Refuse(s.Post); err != nil {
			return nil, err
		}
	}
	changes := append(s.On(edited), s.Release(edited.Removed)...)
	planned, err := planAdded(after, edited.Added, by)
	if err != nil {
		return nil, err
	}
	return append(append(changes, planned...), planFreed(after, by)...), nil
}

// kept are the new places, and those that stay whether named or not: where the
// post has gone out, or may have.
func kept(p post.Post, places []post.Place) []post.Place {
	stays := p.In(func(s post.TargetState) bool { return !s.Idle() && !s.Planned() })
	kept := make([]post.Place, 0, len(places)+len(stays))
	for _, place := range places {
		if !slices.Contains(stays, place.Account) {
			kept = append(kept, place)
		}
	}
	for _, account := range stays {
		kept = append(kept, p.Targets[account].Place)
	}
	return kept
}

// compare says what becomes of the targets that the post had. What waits for a
// person - to mend a connection past its time (R47), to say whether it went out
// (R59) - goes on waiting; its gates say whether it may go out as it reads now.
func compare(e *post.Edited, p post.Post, now time.Time) {
	after := map[domain.AccountID]bool{}
	for _, place := range e.Targets {
		after[place.Account] = true
		target, known := p.Targets[place.Account]
		switch {
		case !known:
			e.Added = append(e.Added, place.Account)
		case target.State.Planned() && !target.HeldPast(now):
			e.Open, e.Planned = append(e.Open, place.Account), append(e.Planned, place.Account)
		case target.State.Planned(), target.State.Idle(), target.State == post.Unknown:
			e.Open = append(e.Open, place.Account)
		}
	}
	for _, account := range p.Accounts() {
		if !after[account] {
			e.Removed = append(e.Removed, account)
		}
	}
}

// reopened are the gates that the new revision has to pass on the accounts where
// it may still go out (R54). Drafts get theirs when they are scheduled.
func reopened(s post.Scene, accounts []domain.AccountID, reviser domain.UserID) map[domain.AccountID][]post.Gate {
	gates := map[domain.AccountID][]post.Gate{}
	for _, account := range accounts {
		if state := s.Post.Targets[account].State; state == post.Draft || state == post.Declined {
			continue
		}
		if open := s.Post.OpenGates(s.Workspace, account, reviser, nil); len(open) > 0 {
			gates[account] = open
		}
	}
	if len(gates) == 0 {
		return nil
	}
	return gates
}

// toPass are the gates of what is to go out by itself once they have passed.
func toPass(e post.Edited) map[domain.AccountID][]post.Gate {
	waiting := map[domain.AccountID][]post.Gate{}
	for _, account := range e.Planned {
		waiting[account] = e.Gates[account]
	}
	return waiting
}

// amended is the scene once the post was edited.
func amended(s post.Scene, edited post.Edited) post.Scene {
	s.Post.Targets = maps.Clone(s.Post.Targets)
	s.Post.Evolve(edited)
	return s
}

// planAdded schedules the accounts that were added with those that are
// scheduled for one moment. Other drafts stay drafts: nobody has scheduled them.
func planAdded(s post.Scene, added []domain.AccountID, by domain.Actor) ([]domain.Change, error) {
	var at time.Time
	for _, account := range s.Post.In(post.TargetState.Planned) {
		target := s.Post.Targets[account]
		if target.HeldPast(by.Now) {
			continue
		}
		if target.OnApproval || !at.IsZero() && !at.Equal(target.Due) {
			return nil, nil
		}
		at = target.Due
	}
	if len(added) == 0 || !at.After(by.Now) {
		return nil, nil
	}
	slots, err := s.Reserve(added, at, by)
	if err != nil {
		return nil, err
	}
	return append(s.On(s.Schedule(s.Post, added, post.Plan{At: at})), slots...), nil
}

// planFreed sends what was to go out once it is approved, and needs no approval
// any more.
func planFreed(s post.Scene, by domain.Actor) (changes []domain.Change) {
	for _, account := range s.Post.In(func(state post.TargetState) bool { return state == post.Due }) {
		if s.Post.Targets[account].OnApproval {
			changes = append(changes, s.Soon(account, by)...)
		}
	}
	return changes
}

package review

import (
	"slices"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// ApprovePost says yes to one revision of a post, wherever the member may and
// it waits for that: an Admin or the Owner for the team (R50), a Client for the
// Clients (R51).
type ApprovePost struct {
	Post     domain.PostID      `json:"post" doc:"The post."`
	Revision int                `json:"revision" minimum:"1" doc:"The revision that you have seen. Another one is refused (R54)."`
	Accounts []domain.AccountID `json:"accounts,omitempty" maxItems:"100" doc:"Only on these accounts. Left out: wherever you may."`
}

// Decide refuses with R53 one's own post, with R50 or R51 who does not approve
// it, with R54 another revision than the present one, and with R56 what is too
// late to be approved. Approving again changes nothing, unless it is enough now.
func (c ApprovePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	voice, err := voiceOf(s, c.Revision, c.Accounts, by)
	if err != nil {
		return nil, err
	}
	approved := post.Approved{By: by.User, Revision: c.Revision, Gate: voice.gate, Author: s.Post.Author}
	late := 0
	for _, account := range voice.accounts {
		target := s.Post.Targets[account]
		if !by.Now.Before(target.Due) {
			late++
			continue
		}
		mine := post.Approval{Gate: voice.gate, By: by.User}
		enough := post.Passes(s.Workspace, account, voice.gate, append(slices.Clone(target.Approvals), mine))
		if slices.Contains(target.Approvals, mine) && !enough {
			continue
		}
		approved.Accounts = append(approved.Accounts, account)
		if enough {
			notePass(&approved, target)
		}
	}
	switch {
	case late == len(voice.accounts):
		return nil, domain.Clash(domain.R56, "too_late", "Its time has passed.")
	case len(approved.Accounts) == 0:
		return nil, nil
	}
	return append(s.On(approved), released(s, approved, by)...), nil
}

// notePass notes that the gate is passed on the target's account.
func notePass(a *post.Approved, target post.Target) {
	a.Passed = append(a.Passed, target.Account)
	left := slices.DeleteFunc(slices.Clone(target.Gates), func(gate post.Gate) bool { return gate == a.Gate })
	if len(left) == 0 {
		return
	}
	if a.Gates == nil {
		a.Gates = map[domain.AccountID][]post.Gate{}
	}
	a.Gates[target.Account] = left
}

// released sends what was to go out as soon as it is approved.
func released(s post.Scene, approved post.Approved, by domain.Actor) (changes []domain.Change) {
	for _, account := range approved.Passed {
		if target := s.Post.Targets[account]; target.OnApproval && len(approved.Gates[account]) == 0 {
			changes = append(changes, s.Soon(account, by)...)
		}
	}
	return changes
}

// voice is where a member decides on a post, and through which gate.
type voice struct {
	gate     post.Gate
	accounts []domain.AccountID
}

// voiceOf finds where the member may approve or decline what waits.
func voiceOf(s post.Scene, revision int, only []domain.AccountID, by domain.Actor) (v voice, err error) {
	member, err := s.Post.Reader(s.ID, s.Workspace, by)
	if err != nil {
		return v, err
	}
	if revision != s.Post.Revision {
		return v, domain.Clash(domain.R54, "post_changed", "The post was changed meanwhile. Look at it again.")
	}
	waits, own, needs := false, false, post.Gate("")
	for _, account := range s.Post.In(func(state post.TargetState) bool { return state == post.Waiting }) {
		if !member.Holds(account) || len(only) > 0 && !slices.Contains(only, account) {
			continue
		}
		waits, needs = true, s.Post.Targets[account].Gates[0]
		gate := post.ApproverOf(member, account)
		switch {
		case s.Post.IsOwn(account, by.User):
			own = true
		case slices.Contains(s.Post.Targets[account].Gates, gate):
			v.gate, v.accounts = gate, append(v.accounts, account)
		}
	}
	switch {
	case len(v.accounts) > 0:
		return v, nil
	case !waits:
		return v, notWaiting(s, member)
	case own:
		return v, domain.Forbid(domain.R53, "your_own_post", "Nobody approves or declines their own post.")
	default:
		return v, forbidden(needs)
	}
}

// notWaiting refuses who would not decide anyway because of that.
func notWaiting(s post.Scene, member workspace.Member) error {
	for account := range s.Post.Targets {
		if post.ApproverOf(member, account) != "" {
			return domain.Clash(domain.R54, "not_waiting", "Nothing of this post waits for you.")
		}
	}
	return forbidden(post.TeamGate)
}

func forbidden(gate post.Gate) error {
	if gate == post.TeamGate {
		return domain.Forbid(domain.R50, "team_approves", "This waits for an Admin or the Owner.")
	}
	return domain.Forbid(domain.R51, "clients_approve", "This waits for a Client who approves posts on that account.")
}

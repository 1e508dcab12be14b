package post

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// sees reports whether a member sees the post: somebody's on an account of
// theirs (R27, R28), a shared draft with all accounts of it, a private one its
// author alone (R31).
func (p Post) sees(member workspace.Member) bool {
	switch {
	case !p.Exists():
		return false
	case p.IsHiddenFrom(member.User):
		return false
	case p.IsDraft():
		return p.heldBy(member) || member.User == p.Author
	}
	for account := range p.Targets {
		if member.Holds(account) {
			return true
		}
	}
	return false
}

// SeenBy reports whether a member sees the post now; see sees.
func (p Post) SeenBy(member workspace.Member) bool { return p.sees(member) }

// IsHiddenFrom reports whether it is a draft that somebody else keeps private (R31).
func (p Post) IsHiddenFrom(user domain.UserID) bool {
	return p.Private && p.Author != user && p.IsDraft()
}

// heldBy reports whether the member has every account that the post goes to.
func (p Post) heldBy(member workspace.Member) bool {
	for account := range p.Targets {
		if !member.Holds(account) {
			return false
		}
	}
	return true
}

// Reader admits whoever sees the post; to everybody else it does not exist (R32).
func (p Post) Reader(ws domain.WorkspaceID, w workspace.Workspace, by domain.Actor) (workspace.Member, error) {
	member, err := w.Admit(by)
	if err != nil {
		return workspace.Member{}, err
	}
	if p.Workspace != ws || !p.sees(member) {
		return workspace.Member{}, domain.Hidden()
	}
	return member, nil
}

// Changer admits whoever may change the post: it refuses with R17 (no
// manage_posts), R28 (an Editor, and it is not theirs) or R27 (it goes to an
// account that they do not have).
func (p Post) Changer(ws domain.WorkspaceID, w workspace.Workspace, by domain.Actor) (workspace.Member, error) {
	member, err := p.Reader(ws, w, by)
	if err != nil {
		return workspace.Member{}, err
	}
	if err := p.mayChange(member); err != nil {
		return workspace.Member{}, err
	}
	if !p.heldBy(member) {
		return workspace.Member{}, domain.Forbid(domain.R27, "account_not_yours", "This post also goes to accounts that you do not have.")
	}
	return member, nil
}

func (p Post) mayChange(member workspace.Member) error {
	if err := member.MayWrite(); err != nil {
		return err
	}
	if member.Role == workspace.Editor && p.Author != member.User {
		return domain.Forbid(domain.R28, "not_your_post", "Editors change only their own posts.")
	}
	return nil
}

// Target finds a target that the member may act on by itself: it is the
// member's account, whatever others the post goes to.
func (p Post) Target(ws domain.WorkspaceID, w workspace.Workspace, account domain.AccountID, by domain.Actor) (Target, error) {
	member, err := p.Reader(ws, w, by)
	if err != nil {
		return Target{}, err
	}
	target, known := p.Targets[account]
	if !known || !member.Holds(account) {
		return Target{}, domain.Hidden()
	}
	return target, p.mayChange(member)
}

// In lists the accounts whose targets are in a state of which is is true, in one order.
func (p Post) In(is func(TargetState) bool) (accounts []domain.AccountID) {
	for _, account := range p.Accounts() {
		if is(p.Targets[account].State) {
			accounts = append(accounts, account)
		}
	}
	return accounts
}

// MustRest refuses with R59 while something of the post is on its way.
func (p Post) MustRest() error {
	if len(p.In(func(s TargetState) bool { return s == Claimed || s == Deleting })) > 0 {
		return domain.Clash(domain.R59, "being_sent", "This post is on its way to the network at this moment. Try again once it is clear how that ended.")
	}
	return nil
}

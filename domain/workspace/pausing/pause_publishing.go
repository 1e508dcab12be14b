package pausing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// PausePublishing stops all sending, in the whole workspace or to one account
// (R68). What falls due meanwhile is missed once its grace has passed (R56).
type PausePublishing struct {
	Account domain.AccountID `json:"account,omitempty" doc:"The social account. Left out: the whole workspace."`
}

// Decide refuses with R68 who may not pause this, and an account that the
// workspace does not hold. What is paused already stays so.
func (c PausePublishing) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	paused, err := pausing(w, by, c.Account)
	if err != nil || paused {
		return nil, err
	}
	return []domain.Event{workspace.PublishingPaused(c)}, nil
}

// pausing answers whether sending is paused, to who may change that: the Owner,
// of one account also its Admins.
func pausing(w workspace.Workspace, by domain.Actor, id domain.AccountID) (paused bool, err error) {
	member, err := w.Admit(by)
	account, held := w.Accounts[id]
	switch {
	case err != nil:
		return false, err
	case id.IsZero():
		return w.Paused, member.MustOwn(domain.R68)
	case member.Role != workspace.Owner && member.Role != workspace.Admin:
		return false, domain.Forbid(domain.R68, "pausing_not_yours", "The Owner and the Admins of an account pause it.")
	case member.Role == workspace.Admin && !member.Holds(id):
		return false, domain.Forbid(domain.R68, "account_not_yours", "You pause only accounts that you have.")
	case !held:
		return false, domain.Wrong(domain.R68, "account", "unknown_account", "The workspace does not hold this account.")
	}
	return account.Paused, nil
}

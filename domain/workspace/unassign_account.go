package workspace

import "behalf/domain"

// UnassignAccount takes a social account from a member, or from what somebody
// is offered. The member's posts there pass to the Owner (R61).
type UnassignAccount struct {
	Whom
	Account domain.AccountID `json:"account" doc:"The social account."`

	Pending []domain.PostID `json:"-"` // the member's posts to the account that are not published yet; looked up
}

// Decide refuses with R2, R5 or R6 what is not the actor's to manage, and with
// R27 an account that the member does not have.
func (c UnassignAccount) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, _, err := w.manageAssignment(by, c.Whom, c.Account, domain.R27)
	if err != nil {
		return nil, err
	}
	return of.becomes(AccountUnassigned{Member: of.User, Account: c.Account, Posts: c.Pending}), nil
}

// manageAssignment finds an assignment that the actor manages: as mayManage
// has it, and an Admin only on accounts that the Admin has (R6).
func (w Workspace) manageAssignment(by domain.Actor, whom Whom, account domain.AccountID, rule domain.Rule) (subject, Assignment, error) {
	manager, of, err := w.manage(by, whom, rule)
	if err != nil {
		return subject{}, Assignment{}, err
	}
	if err := manager.mayGrant(account, NoMode); err != nil {
		return subject{}, Assignment{}, err
	}
	assignment, assigned := of.Assignments[account]
	if !assigned {
		return subject{}, Assignment{}, domain.Wrong(rule, "account", "not_assigned", "The member does not have this account.")
	}
	return of, assignment, nil
}

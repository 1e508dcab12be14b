package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// UnassignAccount takes a social account from a member, or from what somebody
// is offered. The member's posts there pass to the Owner (R61).
type UnassignAccount struct {
	workspace.Whom
	Account domain.AccountID `json:"account" doc:"The social account."`

	Pending []domain.PostID `json:"-"` // the member's posts to the account that are not published yet; looked up
}

// Decide refuses with R2, R5 or R6 what is not the actor's to manage, and with
// R27 an account that the member does not have.
func (c UnassignAccount) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, _, err := manageAssignment(w, by, c.Whom, c.Account, domain.R27)
	if err != nil {
		return nil, err
	}
	return of.Becomes(workspace.AccountUnassigned{Member: of.User, Account: c.Account, Posts: c.Pending}), nil
}

// manageAssignment finds an assignment that the actor manages: as MayManage
// has it, and an Admin only on accounts that the Admin has (R6).
func manageAssignment(w workspace.Workspace, by domain.Actor, whom workspace.Whom, account domain.AccountID, rule domain.Rule) (workspace.Subject, workspace.Assignment, error) {
	manager, of, err := w.Manage(by, whom, rule)
	if err != nil {
		return workspace.Subject{}, workspace.Assignment{}, err
	}
	if err := manager.MayGrant(account, workspace.NoMode); err != nil {
		return workspace.Subject{}, workspace.Assignment{}, err
	}
	assignment, assigned := of.Assignments[account]
	if !assigned {
		return workspace.Subject{}, workspace.Assignment{}, domain.Wrong(rule, "account", "not_assigned", "The member does not have this account.")
	}
	return of, assignment, nil
}

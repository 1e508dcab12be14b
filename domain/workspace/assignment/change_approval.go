package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangeApproval sets whether a Client approves posts on an account, whatever
// the Client's flags (R18). Scheduled posts keep the gates that they have.
type ChangeApproval struct {
	workspace.Whom
	Account       domain.AccountID `json:"account" doc:"On which social account."`
	ApprovesPosts bool             `json:"approves_posts" doc:"Whether the Client approves posts there."`
}

// Decide refuses with R2 or R5 (not the Owner) and with R18 an account that the
// member does not have, or a member who is no Client. What is set already
// changes nothing.
func (c ChangeApproval) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, assignment, err := manageAssignment(w, by, c.Whom, c.Account, domain.R18)
	switch {
	case err != nil:
		return nil, err
	case of.Role != workspace.Client:
		return nil, domain.Clash(domain.R18, "approval_for_clients_only", "Only Clients approve posts in this way.")
	case assignment.ApprovesPosts == c.ApprovesPosts:
		return nil, nil
	}
	return of.Becomes(workspace.ApprovalChanged{Member: of.User, Account: c.Account, ApprovesPosts: c.ApprovesPosts}), nil
}

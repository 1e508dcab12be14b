package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// SetClientApproval sets whether one of the Clients who approve posts on an
// account is enough, or all of them have to (R51).
type SetClientApproval struct {
	Account  domain.AccountID         `json:"account" doc:"The social account."`
	Approval workspace.ClientApproval `json:"approval" enum:"any,all" doc:"any: one Client is enough; all: every Client who approves posts there."`
}

// Decide refuses with R51 everybody but the Owner, an account that the workspace
// does not hold, and what is neither. What is set already changes nothing.
func (c SetClientApproval) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R51); err != nil {
		return nil, err
	}
	account, held := w.Accounts[c.Account]
	switch {
	case !held:
		return nil, domain.Wrong(domain.R51, "account", "unknown_account", "The workspace does not hold this account.")
	case c.Approval != workspace.AnyClient && c.Approval != workspace.AllClients:
		return nil, domain.Wrong(domain.R51, "approval", "unknown_approval", "Either any Client approves, or all of them.")
	case account.Approval == c.Approval:
		return nil, nil
	}
	return []domain.Event{workspace.ClientApprovalChanged{Account: c.Account, From: account.Approval, To: c.Approval}}, nil
}

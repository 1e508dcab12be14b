package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// AssignAccount gives a member, or somebody who is invited, one more social
// account (R6, R25, R27).
type AssignAccount struct {
	workspace.Whom
	Assignment workspace.Assignment `json:"assignment" doc:"The account, and how the member publishes to it."`
}

// Decide refuses with R2, R5, R6 or R8 what the actor cannot give; with R18,
// R19, R33 or R50 what does not go with the role; with R27 an account that the
// workspace does not hold, or that is assigned with other settings already, and
// the Owner, who has every account. The same assignment changes nothing.
func (c AssignAccount) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	manager, of, err := w.Manage(by, c.Whom, domain.R27)
	if err != nil {
		return nil, err
	}
	if of.Role == workspace.Owner {
		return nil, domain.Clash(domain.R27, "owner_has_all_accounts", "The Owner has every account.")
	}
	if err := w.CheckAssignment(manager, of.Member, c.Assignment, "assignment."); err != nil {
		return nil, err
	}
	held, assigned := of.Assignments[c.Assignment.Account]
	switch {
	case assigned && held == c.Assignment:
		return nil, nil
	case assigned:
		return nil, domain.Clash(domain.R27, "assigned_already", "The account is assigned already. Change its settings one by one.")
	case len(of.Assignments) >= workspace.MaxAssignments:
		return nil, domain.Clash(0, "too_many", "A member has at most 1000 accounts.")
	}
	return of.Becomes(workspace.AccountAssigned{Member: of.User, Assignment: c.Assignment}), nil
}

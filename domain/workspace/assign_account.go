package workspace

import "behalf/domain"

// AssignAccount gives a member, or somebody who is invited, one more social
// account (R6, R25, R27).
type AssignAccount struct {
	Whom
	Assignment Assignment `json:"assignment" doc:"The account, and how the member publishes to it."`
}

// Decide refuses with R2, R5, R6 or R8 what the actor cannot give; with R18,
// R19, R33 or R50 what does not go with the role; with R27 an account that the
// workspace does not hold, or that is assigned with other settings already, and
// the Owner, who has every account. The same assignment changes nothing.
func (c AssignAccount) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	manager, of, err := w.manage(by, c.Whom, domain.R27)
	if err != nil {
		return nil, err
	}
	if of.Role == Owner {
		return nil, domain.Clash(domain.R27, "owner_has_all_accounts", "The Owner has every account.")
	}
	if err := w.checkAssignment(manager, of.Member, c.Assignment, "assignment."); err != nil {
		return nil, err
	}
	held, assigned := of.Assignments[c.Assignment.Account]
	switch {
	case assigned && held == c.Assignment:
		return nil, nil
	case assigned:
		return nil, domain.Clash(domain.R27, "assigned_already", "The account is assigned already. Change its settings one by one.")
	case len(of.Assignments) >= maxAssignments:
		return nil, domain.Clash(0, "too_many", "A member has at most 1000 accounts.")
	}
	return of.becomes(AccountAssigned{Member: of.User, Assignment: c.Assignment}), nil
}

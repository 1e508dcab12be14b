package ownership

import (
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// AcceptOwnership makes the member to whom it was offered the Owner (R3, R11).
// From then on "the Owner's connection" is the new Owner's (R49).
type AcceptOwnership struct{}

// Decide refuses with R11 everybody to whom the ownership is not offered. The
// old Owner becomes an Admin with all accounts; they publish through their own
// connections, because nobody can grant the new Owner's but the new Owner (R8).
func (c AcceptOwnership) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := mustBeOffered(w, by); err != nil {
		return nil, err
	}
	transferred := workspace.OwnershipTransferred{From: w.Owner, To: by.User}
	for id := range w.Accounts {
		transferred.Assignments = append(transferred.Assignments, workspace.Assignment{Account: id, CredentialMode: workspace.MemberMode})
	}
	slices.SortFunc(transferred.Assignments, func(a, b workspace.Assignment) int { return slices.Compare(a.Account[:], b.Account[:]) })
	return []domain.Event{transferred}, nil
}

// mustBeOffered refuses with R11 everybody but the member who may become the Owner.
func mustBeOffered(w workspace.Workspace, by domain.Actor) error {
	if _, err := w.Admit(by); err != nil {
		return err
	}
	if w.OfferedTo != by.User {
		return domain.Forbid(domain.R11, "ownership_not_offered", "The ownership is not offered to you, or not any more.")
	}
	return nil
}

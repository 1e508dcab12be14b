package workspace

import "behalf/domain"

// DeclineOwnership says no to the offered ownership (R11).
type DeclineOwnership struct{}

// Decide refuses with R11 everybody to whom the ownership is not offered.
func (c DeclineOwnership) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.mustBeOffered(by); err != nil {
		return nil, err
	}
	return []domain.Event{OwnershipDeclined{By: by.User}}, nil
}

package ownership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// DeclineOwnership says no to the offered ownership (R11).
type DeclineOwnership struct{}

// Decide refuses with R11 everybody to whom the ownership is not offered.
func (c DeclineOwnership) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := mustBeOffered(w, by); err != nil {
		return nil, err
	}
	return []domain.Event{workspace.OwnershipDeclined{By: by.User}}, nil
}

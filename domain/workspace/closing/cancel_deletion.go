package closing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// CancelDeletion keeps a workspace that was to be deleted. If it was closed
// before, it stays closed (R13).
type CancelDeletion struct{}

// Decide refuses with R13 everybody but the Owner. What is not to be deleted
// stays so.
func (c CancelDeletion) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := ownerAlways(w, by); err != nil {
		return nil, err
	}
	if w.DeleteAt.IsZero() {
		return nil, nil
	}
	return []domain.Event{workspace.DeletionCancelled{}}, nil
}

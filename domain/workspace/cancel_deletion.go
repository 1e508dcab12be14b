package workspace

import "behalf/domain"

// CancelDeletion keeps a workspace that was to be deleted. If it was closed
// before, it stays closed (R13).
type CancelDeletion struct{}

// Decide refuses with R13 everybody but the Owner. What is not to be deleted
// stays so.
func (c CancelDeletion) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.ownerAlways(by); err != nil {
		return nil, err
	}
	if w.DeleteAt.IsZero() {
		return nil, nil
	}
	return []domain.Event{DeletionCancelled{}}, nil
}

package closing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// FinishDeletion deletes a workspace whose days of grace have passed (R13):
// nobody sees it any more, and its keys are destroyed because of it.
type FinishDeletion struct{}

// Decide answers nothing before the day, and for a workspace that is not to be
// deleted, or is deleted already.
func (c FinishDeletion) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !w.Exists() {
		return nil, domain.Hidden()
	}
	if w.Deleted || w.DeleteAt.IsZero() || by.Now.Before(w.DeleteAt) {
		return nil, nil
	}
	return []domain.Event{workspace.Deleted{}}, nil
}

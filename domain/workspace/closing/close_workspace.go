package closing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// CloseWorkspace ends the work in a workspace for good: nothing is published
// any more, nothing can be changed, the history stays readable (R13).
type CloseWorkspace struct{}

// Decide refuses with R13 everybody but the Owner, and a workspace that is closed.
func (c CloseWorkspace) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R13); err != nil {
		return nil, err
	}
	return []domain.Event{workspace.Closed{}}, nil
}

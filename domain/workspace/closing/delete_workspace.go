package closing

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// DeletionGrace is how long a deletion can be cancelled (R13).
const DeletionGrace = 30 * 24 * time.Hour

// DeleteWorkspace has the workspace deleted, closed or not, 30 days later.
// Until then it is closed, and the deletion can be cancelled (R13).
type DeleteWorkspace struct{}

// Decide refuses with R13 everybody but the Owner. What is to be deleted
// already keeps its day.
func (c DeleteWorkspace) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := ownerAlways(w, by); err != nil {
		return nil, err
	}
	if !w.DeleteAt.IsZero() {
		return nil, nil
	}
	return []domain.Event{workspace.DeletionScheduled{Until: by.Now.Add(DeletionGrace)}}, nil
}

// ownerAlways admits the Owner, of a closed workspace too.
func ownerAlways(w workspace.Workspace, by domain.Actor) error {
	member, err := w.AdmitReader(by)
	if err != nil {
		return err
	}
	return member.MustOwn(domain.R13)
}

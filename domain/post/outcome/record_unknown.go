package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// RecordUnknown ends an attempt of which nobody can find out whether it was
// published; a person decides (R59).
type RecordUnknown struct {
	AttemptRef
	Detail string // plain words
}

// Decide answers nothing when the attempt has ended already. The event names who
// is to be told: whose post it is, and the Owner.
func (c RecordUnknown) Decide(_ domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, running, err := c.Running(p, by)
	if err != nil || !running {
		return nil, err
	}
	return []domain.Event{post.TargetUnknown{Account: c.Account, Attempt: c.Attempt, Detail: c.Detail, Author: target.Author, Owner: w.Owner}}, nil
}

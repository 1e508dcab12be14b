package pausing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ResumePublishing lets what was paused go on: all that is due and not missed
// is sent (R68). An account that is paused itself stays so.
type ResumePublishing struct {
	Account domain.AccountID `json:"account,omitempty" doc:"The social account. Left out: the whole workspace."`
}

// Decide refuses with R68 who may not resume this, and an account that the
// workspace does not hold. What is not paused stays so.
func (c ResumePublishing) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	paused, err := pausing(w, by, c.Account)
	if err != nil || !paused {
		return nil, err
	}
	return []domain.Event{workspace.PublishingResumed(c)}, nil
}

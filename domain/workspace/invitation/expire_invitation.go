package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ExpireInvitation notes that nobody has answered an invitation in time (R23).
type ExpireInvitation struct {
	Invitation domain.InvitationID
}

// Decide answers nothing before the invitation's time, and for one that is not
// pending any more.
func (c ExpireInvitation) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	invitation, known := w.Invitations[c.Invitation]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	if invitation.Status != workspace.Pending || invitation.Open(by) {
		return nil, nil
	}
	return []domain.Event{workspace.InvitationExpired(c)}, nil
}

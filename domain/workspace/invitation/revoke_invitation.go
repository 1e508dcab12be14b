package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// RevokeInvitation takes an invitation back: its link is dead from then on (R22).
type RevokeInvitation struct {
	Invitation domain.InvitationID `json:"invitation" doc:"The pending invitation."`
}

// Decide refuses with R2 or R5 whose role the actor does not manage, and with
// R22 an invitation that does not exist or was answered. One that was taken
// back already stays so, and one that has expired can be.
func (c RevokeInvitation) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	_, invitation, err := manageInvitation(w, by, c.Invitation)
	if err != nil || invitation.Status == workspace.Revoked {
		return nil, err
	}
	if err := mustBeUnanswered(invitation); err != nil {
		return nil, err
	}
	return []domain.Event{workspace.InvitationRevoked(c)}, nil
}

// manageInvitation finds an invitation, whatever has become of it, and who manages it.
func manageInvitation(w workspace.Workspace, by domain.Actor, id domain.InvitationID) (workspace.Member, workspace.Invitation, error) {
	invitation, known := w.Invitations[id]
	manager, err := w.MayManage(by, invitation.Role)
	if err != nil {
		return workspace.Member{}, workspace.Invitation{}, err
	}
	if !known {
		return workspace.Member{}, workspace.Invitation{}, domain.Wrong(domain.R22, "invitation", "unknown_invitation", "There is no such invitation.")
	}
	return manager, invitation, nil
}

// mustBeUnanswered refuses with R22 an invitation that was accepted, declined,
// revoked or superseded.
func mustBeUnanswered(i workspace.Invitation) error {
	if i.Status == workspace.Pending || i.Status == workspace.Expired {
		return nil
	}
	return domain.Clash(domain.R22, "invitation_not_pending", "The invitation is not pending any more: it was "+string(i.Status)+".")
}

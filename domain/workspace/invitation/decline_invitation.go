package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// DeclineInvitation says no to an invitation: its link is dead from then on.
type DeclineInvitation struct {
	Token Token `json:"token" maxLength:"400" doc:"The last part of the link in the invitation's mail."`

	Link Link `json:"-"` // what the token proves; zero when it proves nothing
}

// Decide refuses what AcceptInvitation refuses, for the same reasons.
func (c DeclineInvitation) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	invitation, err := follow(w, c.Link, by)
	if err != nil {
		return nil, err
	}
	return []domain.Event{workspace.InvitationDeclined{Invitation: invitation.ID}}, nil
}

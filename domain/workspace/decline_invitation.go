package workspace

import "behalf/domain"

// DeclineInvitation says no to an invitation: its link is dead from then on.
type DeclineInvitation struct {
	Token InvitationToken `json:"token" maxLength:"400" doc:"The last part of the link in the invitation's mail."`

	Link InvitationLink `json:"-"` // what the token proves; zero when it proves nothing
}

// Decide refuses what AcceptInvitation refuses, for the same reasons.
func (c DeclineInvitation) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	invitation, err := w.follow(c.Link, by)
	if err != nil {
		return nil, err
	}
	return []domain.Event{InvitationDeclined{Invitation: invitation.ID}}, nil
}

package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ResendInvitation sends an invitation once more, with a new link and seven
// new days; the old link is dead from then on (R22, R23).
type ResendInvitation struct {
	Invitation domain.InvitationID `json:"invitation" doc:"The pending or expired invitation."`
}

// Decide refuses with R2 or R5 whose role the actor does not manage, with R22
// an invitation that does not exist or was answered, with R24 an expired one of
// a person who is a member or was invited again since, and with R6 or R8 an
// Admin who could not make the offer: whoever sends it again grants it, but for
// accounts that were removed meanwhile (R26).
func (c ResendInvitation) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	manager, invitation, err := manageInvitation(w, by, c.Invitation)
	if err != nil {
		return nil, err
	}
	if err := mustBeUnanswered(invitation); err != nil {
		return nil, err
	}
	if _, member := w.Members[invitation.Person]; member {
		return nil, domain.Clash(domain.R24, "already_member", "This address belongs to a member already.")
	}
	for id, other := range w.Invitations {
		if id != c.Invitation && other.Person == invitation.Person && other.Status == workspace.Pending {
			return nil, domain.Clash(domain.R24, "invited_again", "This person was invited again since. Resend the newer invitation.")
		}
	}
	for _, assignment := range invitation.Offer.Assignments {
		if _, held := w.Accounts[assignment.Account]; !held {
			continue // drops out when it is accepted (R26): nothing is granted there
		}
		if err := manager.MayGrant(assignment.Account, assignment.CredentialMode); err != nil {
			return nil, err
		}
	}
	return []domain.Event{workspace.InvitationResent{
		Invitation: c.Invitation, Generation: invitation.Generation + 1, ExpiresAt: by.Now.Add(Life),
	}}, nil
}

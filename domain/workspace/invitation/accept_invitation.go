package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// AcceptInvitation makes the invited person a member (R22, R23, R26).
type AcceptInvitation struct {
	Token Token `json:"token" maxLength:"400" doc:"The last part of the link in the invitation's mail."`

	Link Link `json:"-"` // what the token proves; zero when it proves nothing
}

// Link is one generation of one invitation's link.
type Link struct {
	Invitation domain.InvitationID
	Generation int
}

// Decide answers R32 to who holds no genuine link of this workspace, and
// refuses with R23 a link that is used, superseded, revoked or expired, or
// another person's; with R24 a member; with R13 in a closed workspace.
func (c AcceptInvitation) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	invitation, err := follow(w, c.Link, by)
	if err != nil {
		return nil, err
	}
	if _, member := w.Members[by.User]; member {
		return nil, domain.Clash(domain.R24, "already_member", "You are a member already.")
	}
	return []domain.Event{accepted(w, invitation)}, nil
}

// follow finds the invitation that a link leads to, while the link works for
// this person.
func follow(w workspace.Workspace, link Link, by domain.Actor) (workspace.Invitation, error) {
	invitation, known := w.Invitations[link.Invitation]
	if !known || link.Generation < 1 || by.User.IsZero() || w.Deleted {
		return workspace.Invitation{}, domain.Hidden()
	}
	switch {
	case invitation.Status == workspace.Accepted:
		return workspace.Invitation{}, domain.Clash(domain.R23, "link_used", "This invitation was accepted already.")
	case invitation.Status == workspace.Declined:
		return workspace.Invitation{}, domain.Clash(domain.R23, "link_declined", "This invitation was declined.")
	case invitation.Status == workspace.Revoked:
		return workspace.Invitation{}, domain.Clash(domain.R23, "link_revoked", "This invitation was taken back.")
	case invitation.Status == workspace.Superseded, link.Generation != invitation.Generation:
		return workspace.Invitation{}, domain.Clash(domain.R23, "link_superseded", "A newer invitation replaced this link.")
	case !invitation.Open(by):
		return workspace.Invitation{}, domain.Clash(domain.R23, "link_expired", "This link has expired. Ask for a new invitation.")
	case invitation.Person != by.User:
		return workspace.Invitation{}, domain.Forbid(domain.R23, "other_address", "The invitation was sent to another address than yours.")
	}
	return invitation, w.MustBeOpen()
}

// accepted checks again what was offered: accounts that are gone drop out (R26).
func accepted(w workspace.Workspace, invitation workspace.Invitation) workspace.InvitationAccepted {
	offer := invitation.Offer
	event := workspace.InvitationAccepted{
		Invitation:       invitation.ID,
		Member:           invitation.Person,
		Role:             invitation.Role,
		Access:           offer.Access,
		Auditor:          offer.Auditor,
		RequireTwoFactor: offer.RequireTwoFactor,
	}
	for _, assignment := range offer.Assignments {
		if _, held := w.Accounts[assignment.Account]; held {
			event.Assignments = append(event.Assignments, assignment)
		} else {
			event.Dropped = append(event.Dropped, assignment.Account)
		}
	}
	return event
}

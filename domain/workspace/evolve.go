package workspace

import (
	"maps"

	"behalf/domain"
)

// Evolve takes one more event into the state. A member's assignments are
// replaced, never changed in place, so that copies may share them.
func (w *Workspace) Evolve(event domain.Event) {
	switch e := event.(type) {
	case Created:
		w.Name, w.Owner = e.Name, e.Owner
		w.Members = map[domain.UserID]Member{e.Owner: {User: e.Owner, Role: Owner}}
		w.Invitations = map[domain.InvitationID]Invitation{}
		w.Accounts = map[domain.AccountID]Account{}
	case ClientInvited:
		w.Invitations[e.Invitation] = Invitation{
			ID: e.Invitation, Generation: e.Generation, Person: e.Person, Role: Client,
			Offer: e, ExpiresAt: e.ExpiresAt, Status: Pending,
		}
	case InvitationSuperseded:
		w.setStatus(e.Invitation, Superseded)
	case InvitationAccepted:
		w.setStatus(e.Invitation, Accepted)
		w.Members[e.Member] = Member{
			User: e.Member, Role: e.Role, Access: e.Access, RequireTwoFactor: e.RequireTwoFactor,
			Assignments: byAccount(e.Assignments),
		}
	case CredentialModeChanged:
		assignment := w.Members[e.Member].Assignments[e.Account]
		assignment.CredentialMode = e.To
		w.assign(e.Member, assignment)
	case AccountAdded:
		w.Accounts[e.Account] = Account{
			Network: e.Network, Remote: e.Remote, Name: e.Name,
			AddedBy: e.AddedBy, HasIdentities: e.HasIdentities,
		}
	case AccountAssigned:
		w.assign(e.Member, e.Assignment)
	}
}

func (w *Workspace) setStatus(id domain.InvitationID, status InvitationStatus) {
	invitation := w.Invitations[id]
	invitation.Status = status
	w.Invitations[id] = invitation
}

func (w *Workspace) assign(id domain.UserID, assignment Assignment) {
	member := w.Members[id]
	assignments := maps.Clone(member.Assignments)
	if assignments == nil {
		assignments = map[domain.AccountID]Assignment{}
	}
	assignments[assignment.Account] = assignment
	member.Assignments = assignments
	w.Members[id] = member
}

func byAccount(assignments []Assignment) map[domain.AccountID]Assignment {
	held := make(map[domain.AccountID]Assignment, len(assignments))
	for _, assignment := range assignments {
		held[assignment.Account] = assignment
	}
	return held
}

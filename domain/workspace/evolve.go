package workspace

import (
	"time"

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
	case Renamed:
		w.Name = e.To
	case OwnershipOffered:
		w.OfferedTo = e.To
	case OwnershipOfferWithdrawn, OwnershipDeclined:
		w.OfferedTo = domain.UserID{}
	case OwnershipTransferred:
		w.transfer(e)
	case Closed:
		w.Closed = true
	case DeletionScheduled:
		w.DeleteAt = e.Until
	case DeletionCancelled:
		w.DeleteAt = time.Time{}
	case Deleted:
		w.Deleted = true
	case ExportRequested:
		w.Export = Export{ID: e.Export, Until: e.Until}
	case ExportFinished:
		w.Export.Ready = true
	case PublishingPaused:
		w.pause(e.Account, true)
	case PublishingResumed:
		w.pause(e.Account, false)
	case GraceSet:
		w.Grace = time.Duration(e.ToMinutes) * time.Minute
	case AccountAdded:
		w.Accounts[e.Account] = Account{
			Network: e.Network, Remote: e.Remote, Name: e.Name, URL: e.URL,
			AddedBy: e.AddedBy, HasIdentities: e.HasIdentities, ByHand: e.IsByHand(), Approval: AnyClient,
		}
	case AccountRemoved:
		w.drop(e.Account)
	case ClientApprovalChanged:
		w.changeAccount(e.Account, func(a *Account) { a.Approval = e.To })
	case MemberRemoved:
		w.leave(e.Member)
	case MemberLeft:
		w.leave(e.Member)
	default:
		w.evolveInvitations(event)
		w.evolveMember(event)
	}
}

// transfer makes the old Owner an Admin who has every account (R11).
func (w *Workspace) transfer(e OwnershipTransferred) {
	from, to := w.Members[e.From], w.Members[e.To]
	w.Owner, w.OfferedTo = e.To, domain.UserID{}
	w.Members[e.From] = Member{
		User: e.From, Role: Admin, RequireTwoFactor: from.RequireTwoFactor, Assignments: byAccount(e.Assignments),
	}
	w.Members[e.To] = Member{User: e.To, Role: Owner, RequireTwoFactor: to.RequireTwoFactor}
}

// leave ends a membership, and with it an offer of the ownership.
func (w *Workspace) leave(id domain.UserID) {
	delete(w.Members, id)
	if w.OfferedTo == id {
		w.OfferedTo = domain.UserID{}
	}
}

// drop takes an account from the workspace and from everybody who has it.
// Invitations keep it: it drops out when they are accepted (R26).
func (w *Workspace) drop(id domain.AccountID) {
	delete(w.Accounts, id)
	for user, member := range w.Members {
		if _, assigned := member.Assignments[id]; assigned {
			w.Members[user] = member.without(id)
		}
	}
}

// pause is of one account, or of the workspace where id is zero.
func (w *Workspace) pause(id domain.AccountID, paused bool) {
	if id.IsZero() {
		w.Paused = paused
		return
	}
	w.changeAccount(id, func(a *Account) { a.Paused = paused })
}

func (w *Workspace) changeAccount(id domain.AccountID, change func(*Account)) {
	account := w.Accounts[id]
	change(&account)
	w.Accounts[id] = account
}

func (w *Workspace) evolveInvitations(event domain.Event) {
	switch e := event.(type) {
	case Invited:
		offer := e.Offer()
		w.Invitations[offer.Invitation] = Invitation{
			ID: offer.Invitation, Generation: offer.Generation, Person: offer.Person, Role: offer.Role,
			Offer: offer, ExpiresAt: offer.ExpiresAt, Status: Pending,
		}
	case InvitationAmended:
		w.changeInvitation(e.Invitation, func(i *Invitation) {
			i.Role, i.Offer.Role, i.Offer.Access, i.Offer.Auditor = e.Role, e.Role, e.Access, e.Auditor
			i.Offer.RequireTwoFactor, i.Offer.Assignments = e.RequireTwoFactor, e.Assignments
		})
	case InvitationResent:
		w.changeInvitation(e.Invitation, func(i *Invitation) {
			i.Status, i.Generation, i.ExpiresAt = Pending, e.Generation, e.ExpiresAt
			i.Offer.Generation, i.Offer.ExpiresAt = e.Generation, e.ExpiresAt
		})
	case InvitationRevoked:
		w.setStatus(e.Invitation, Revoked)
	case InvitationDeclined:
		w.setStatus(e.Invitation, Declined)
	case InvitationExpired:
		w.setStatus(e.Invitation, Expired)
	case InvitationSuperseded:
		w.setStatus(e.Invitation, Superseded)
	case InvitationAccepted:
		w.setStatus(e.Invitation, Accepted)
		w.Members[e.Member] = Member{
			User: e.Member, Role: e.Role, Access: e.Access, Auditor: e.Auditor, RequireTwoFactor: e.RequireTwoFactor,
			Assignments: byAccount(e.Assignments),
		}
	}
}

func (w *Workspace) changeInvitation(id domain.InvitationID, change func(*Invitation)) {
	invitation := w.Invitations[id]
	change(&invitation)
	w.Invitations[id] = invitation
}

func (w *Workspace) setStatus(id domain.InvitationID, status InvitationStatus) {
	w.changeInvitation(id, func(i *Invitation) { i.Status = status })
}

func (w *Workspace) evolveMember(event domain.Event) {
	if of := memberOf(event); !of.IsZero() {
		w.Members[of] = w.Members[of].evolved(event)
	}
}

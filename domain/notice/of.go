package notice

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// Events are the events that somebody is told of.
func Events() []domain.Event {
	return []domain.Event{
		workspace.ClientInvited{}, workspace.InvitationAccepted{},
		workspace.CredentialModeChanged{}, workspace.AccountAssigned{},
		account.ReauthenticationNeeded{},
	}
}

// Of says who is told what because of an event on a stream, done by a user, or
// by a part of Behalf when that is zero. Nobody is told what they did
// themselves, unless it is about what they have become.
func Of(event domain.Event, stream domain.Stream, by domain.UserID) []Notice {
	switch e := event.(type) {
	case workspace.ClientInvited:
		return one(Notice{Kind: Invitation, To: e.Person, Details: Details{Role: workspace.Client}})
	case workspace.InvitationAccepted:
		return one(Notice{Kind: Added, To: e.Member, Details: Details{Role: e.Role, Accounts: accountsOf(e.Assignments)}})
	case account.ReauthenticationNeeded:
		return one(Notice{
			Kind: Reauthentication, To: e.Holder, Account: domain.AccountID(stream.ID), Details: Details{First: e.Connection.IsZero()},
		})
	case workspace.CredentialModeChanged:
		return changed(by, e.Member, e.Account, Details{Change: ModeChange, Mode: e.To})
	case workspace.AccountAssigned:
		return changed(by, e.Member, e.Assignment.Account, Details{Change: Assigned, Mode: e.Assignment.CredentialMode})
	}
	return nil
}

func one(n Notice) []Notice { return []Notice{n} }

// changed tells a member what changed in their access.
func changed(by, member domain.UserID, about domain.AccountID, details Details) []Notice {
	if did(by, member) {
		return nil
	}
	return one(Notice{Kind: AccessChanged, To: member, Account: about, Details: details})
}

// did reports whether somebody did it themselves.
func did(by, person domain.UserID) bool { return !by.IsZero() && by == person }

func accountsOf(assignments []workspace.Assignment) (accounts []domain.AccountID) {
	for _, assignment := range assignments {
		accounts = append(accounts, assignment.Account)
	}
	return accounts
}

package notice

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// Events are the events that somebody is told of by themselves alone; OfState
// knows more.
func Events() []domain.Event {
	return []domain.Event{
		workspace.ClientInvited{}, workspace.AdminInvited{}, workspace.EditorInvited{}, workspace.AuditorInvited{},
		workspace.InvitationAccepted{}, workspace.OwnershipOffered{}, workspace.OwnershipTransferred{},
		workspace.RoleChanged{}, workspace.ClientAccessChanged{}, workspace.AddingAccountsGranted{}, workspace.AddingAccountsWithdrawn{},
		workspace.AuditorGranted{}, workspace.AuditorWithdrawn{}, workspace.AccountAssigned{}, workspace.AccountUnassigned{}, workspace.AccountRemoved{},
		workspace.PostingLevelChanged{}, workspace.ApprovalChanged{}, workspace.CredentialModeChanged{},
		workspace.TwoFactorRequired{}, workspace.MemberRemoved{}, workspace.ExportFinished{},
		account.ReauthenticationNeeded{}, account.HolderReminded{}, account.ExpiryAnnounced{},
		post.Scheduled{}, post.Edited{}, post.ApprovalReminded{}, post.Approved{}, post.Declinement{},
		post.TargetTroubled{}, post.TargetHandedOver{}, post.TargetFailed{}, post.TargetMissed{}, post.TargetUnknown{}, post.TargetUnresolved{}, post.TargetDeletionFailed{},
		user.PasswordChanged{}, user.PasswordResetCompleted{}, user.AddressChanged{}, user.NewClientNoted{},
		user.TwoFactorEnabled{}, user.TwoFactorDisabled{},
	}
}

// Of says who is told what because of an event on a stream, done by a user, or
// by a part of Behalf when that is zero. Nobody is told what they did
// themselves, unless it is about what they have become, or their account's safety.
func Of(event domain.Event, stream domain.Stream, by domain.UserID) []Notice {
	switch stream.Category {
	case domain.UserStreams:
		return ofUser(event, domain.UserID(stream.ID))
	case domain.PostStreams:
		return ofPost(event, domain.PostID(stream.ID), by)
	}
	switch e := event.(type) {
	case workspace.Invited:
		offer := e.Offer()
		return one(Notice{Kind: Invitation, To: offer.Person, Details: Details{Role: RoleOf(offer.Role, offer.Auditor)}})
	case workspace.InvitationAccepted:
		return one(Notice{Kind: Added, To: e.Member, Details: Details{Role: RoleOf(e.Role, e.Auditor), Accounts: accountsOf(e.Assignments)}})
	case workspace.OwnershipOffered:
		return one(Notice{Kind: OwnershipOffered, To: e.To})
	case workspace.TwoFactorRequired:
		return one(Notice{Kind: TwoFactor, To: e.Member})
	case workspace.MemberRemoved:
		return one(Notice{Kind: Removed, To: e.Member})
	case workspace.AccountRemoved:
		var told []Notice
		for _, member := range e.Unassigned {
			if member != by {
				told = append(told, Notice{Kind: AccessChanged, To: member, Account: e.Account, Details: Details{Change: Unassigned}})
			}
		}
		return told
	case workspace.ExportFinished:
		return one(Notice{Kind: ExportReady, To: e.Owner, Details: Details{Until: e.Until}})
	case account.HolderReminded:
		return one(Notice{
			Kind: StillDown, To: e.Holder, Account: domain.AccountID(stream.ID),
			Details: Details{First: e.Connection.IsZero(), Days: e.Days},
		})
	case account.ExpiryAnnounced:
		return one(Notice{Kind: RunsOut, To: e.Holder, Account: domain.AccountID(stream.ID), Details: Details{Until: e.Expires}})
	case account.ReauthenticationNeeded:
		return one(Notice{
			Kind: Reauthentication, To: e.Holder, Account: domain.AccountID(stream.ID), Details: Details{First: e.Connection.IsZero()},
		})
	}
	member, about, details := change(event)
	if details.Change == "" || !by.IsZero() && by == member {
		return nil
	}
	return one(Notice{Kind: AccessChanged, To: member, Account: about, Details: details})
}

// change is what an event changes in somebody's access; nothing for most.
func change(event domain.Event) (member domain.UserID, about domain.AccountID, details Details) {
	switch e := event.(type) {
	case workspace.OwnershipTransferred:
		return e.From, about, Details{Change: RoleChange, Role: workspace.Admin, From: workspace.Owner}
	case workspace.RoleChanged:
		return e.Member, about, Details{Change: RoleChange, Role: e.To, From: e.From}
	case workspace.ClientAccessChanged:
		return e.Member, about, Details{Change: AccessChange, Access: &e.To}
	case workspace.AddingAccountsGranted:
		return e.Member, about, Details{Change: AddingChange, Granted: true}
	case workspace.AddingAccountsWithdrawn:
		return e.Member, about, Details{Change: AddingChange}
	case workspace.AuditorGranted:
		return e.Member, about, Details{Change: AuditorChange, Granted: true}
	case workspace.AuditorWithdrawn:
		return e.Member, about, Details{Change: AuditorChange}
	case workspace.AccountAssigned:
		return e.Member, e.Assignment.Account, Details{Change: Assigned, Mode: e.Assignment.CredentialMode}
	case workspace.AccountUnassigned:
		return e.Member, e.Account, Details{Change: Unassigned}
	case workspace.PostingLevelChanged:
		return e.Member, e.Account, Details{Change: LevelChange, Level: e.To}
	case workspace.ApprovalChanged:
		return e.Member, e.Account, Details{Change: ApprovalChange, Granted: e.ApprovesPosts}
	case workspace.CredentialModeChanged:
		return e.Member, e.Account, Details{Change: ModeChange, Mode: e.To}
	}
	return member, about, details
}

// ofUser is what somebody is told about their own account: whoever did it, it
// may have been somebody else.
func ofUser(event domain.Event, person domain.UserID) []Notice {
	switch event.(type) {
	case user.PasswordChanged, user.PasswordResetCompleted:
		return one(Notice{Kind: PasswordChanged, To: person})
	case user.AddressChanged:
		return one(Notice{Kind: AddressChanged, To: person})
	case user.NewClientNoted:
		return one(Notice{Kind: NewSignIn, To: person})
	case user.TwoFactorEnabled:
		return one(Notice{Kind: TwoFactorChanged, To: person, Details: Details{Granted: true}})
	case user.TwoFactorDisabled:
		return one(Notice{Kind: TwoFactorChanged, To: person})
	case user.Registered, user.VerificationRequested:
		return one(Notice{Kind: Verification, To: person})
	case user.AddressChangeRequested:
		return one(Notice{Kind: AddressConfirmation, To: person})
	case user.PasswordResetRequested:
		return one(Notice{Kind: PasswordReset, To: person})
	case user.RegistrationRepeated:
		return one(Notice{Kind: AlreadyRegistered, To: person})
	}
	return nil
}

// NeedsState reports whether OfState may know of somebody whom the event alone
// does not name.
func NeedsState(event domain.Event) bool {
	switch event.(type) {
	case workspace.InvitationResent, workspace.Withdrawal, workspace.Deleted:
		return true
	}
	_, announced := Announced(event)
	return announced
}

// OfState says who is told of an event besides those that Of knows: by mail
// alone, because only the workspace as it is now says who that is. They are the
// person whose invitation was resent (R22), the Owner, to whom posts pass
// (R61), and all members where an event concerns the workspace itself, its end
// included: they stay in its state, although nobody is let in (R13).
func OfState(event domain.Event, w *workspace.Workspace, by domain.UserID) []Notice {
	if announced, is := Announced(event); is {
		return announced.toMembers(w, by)
	}
	switch e := event.(type) {
	case workspace.Deleted:
		return Notice{Kind: WorkspaceDeleted}.toMembers(w, by)
	case workspace.InvitationResent:
		resent := w.Invitations[e.Invitation]
		if resent.Status != workspace.Pending {
			return nil
		}
		return one(Notice{Kind: Invitation, To: resent.Person, Details: Details{Role: RoleOf(resent.Role, resent.Offer.Auditor)}})
	case workspace.Withdrawal:
		withdrawn, is := e.Withdraws()
		if is && (len(withdrawn.Posts) > 0 || withdrawn.Gone && by != w.Owner) {
			return one(Notice{Kind: PostsPassed, To: w.Owner, Details: Details{Gone: withdrawn.Gone, Posts: withdrawn.Posts}})
		}
	}
	return nil
}

// RoleOf is what somebody is called: who reads the history and nothing else is
// an auditor.
func RoleOf(role workspace.Role, auditor bool) workspace.Role {
	if auditor && role == workspace.Client {
		return Auditor
	}
	return role
}

// Auditor is how mails call an outside auditor (R65).
const Auditor workspace.Role = "auditor"

func one(n Notice) []Notice { return []Notice{n} }

func accountsOf(assignments []workspace.Assignment) (accounts []domain.AccountID) {
	for _, assignment := range assignments {
		accounts = append(accounts, assignment.Account)
	}
	return accounts
}

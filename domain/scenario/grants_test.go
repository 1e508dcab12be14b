package scenario_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/workspace"
)

// checkGrants reads from what a member has just done, and the workspace as it
// was, that nobody gave what they did not have themselves (R5-R8), and that
// nobody but the Owner touched anybody but Editors.
func checkGrants(t *rapid.T, before *workspace.Workspace, by domain.Actor, changes []domain.Change) {
	granter, member := before.Members[by.User]
	if !member || granter.Role == workspace.Owner {
		return
	}
	for _, change := range changes {
		for _, given := range grants(before, by, change.Event) {
			own, has := granter.Assignments[given.Account]
			require.Equal(t, workspace.Admin, granter.Role, "%s grants", granter.Role)
			require.True(t, has, "an Admin gives only accounts that they have (R6)")
			require.False(t, given.CredentialMode == workspace.OwnerMode && own.CredentialMode != workspace.OwnerMode, "nobody grants what they do not have (R8)")
		}
		if role, touched := touchedRole(before, by, change.Event); touched {
			require.Contains(t, touchable(change.Event), role, "%s by %s", change.Event.EventType(), granter.Role)
		}
	}
}

// grants are the assignments that an event gives somebody else, and that they
// did not have like this before.
func grants(before *workspace.Workspace, by domain.Actor, event domain.Event) []workspace.Assignment {
	switch e := event.(type) {
	case workspace.Invited:
		return e.Offer().Assignments
	case workspace.InvitationAmended:
		had := before.Invitations[e.Invitation].Offer.Assignments
		return slices.DeleteFunc(slices.Clone(e.Assignments), func(a workspace.Assignment) bool { return slices.Contains(had, a) })
	case workspace.InvitationResent: // of accounts that were removed it grants nothing (R26)
		return slices.DeleteFunc(slices.Clone(before.Invitations[e.Invitation].Offer.Assignments), func(a workspace.Assignment) bool {
			_, held := before.Accounts[a.Account]
			return !held
		})
	case workspace.AccountAssigned:
		if e.Member != by.User { // whoever adds an account is assigned to it (R67)
			return []workspace.Assignment{e.Assignment}
		}
	case workspace.CredentialModeChanged:
		return []workspace.Assignment{{Account: e.Account, CredentialMode: e.To}}
	}
	return nil
}

// touchedRole is the role of whom an event is about, if somebody else did it.
func touchedRole(before *workspace.Workspace, by domain.Actor, event domain.Event) (workspace.Role, bool) {
	var who domain.UserID
	switch e := event.(type) {
	case workspace.Invited:
		return e.Offer().Role, true
	case workspace.InvitationAmended:
		return before.Invitations[e.Invitation].Role, true
	case workspace.InvitationResent:
		return before.Invitations[e.Invitation].Role, true
	case workspace.InvitationRevoked:
		return before.Invitations[e.Invitation].Role, true
	case workspace.InvitationSuperseded:
		return before.Invitations[e.Invitation].Role, true
	case workspace.MemberRemoved:
		who = e.Member
	case workspace.RoleChanged:
		who = e.Member
	case workspace.ClientAccessChanged:
		who = e.Member
	case workspace.TwoFactorRequired:
		who = e.Member
	case workspace.TwoFactorRequirementLifted:
		who = e.Member
	case workspace.AccountAssigned:
		who = e.Member
	case workspace.AccountUnassigned:
		who = e.Member
	case workspace.PostingLevelChanged:
		who = e.Member
	case workspace.ApprovalChanged:
		who = e.Member
	case workspace.CredentialModeChanged:
		who = e.Member
	}
	return before.Members[who].Role, !who.IsZero() && who != by.User
}

// touchable are the roles that an Admin may do it to (R5, R63).
func touchable(event domain.Event) []workspace.Role {
	switch event.(type) {
	case workspace.TwoFactorRequired, workspace.TwoFactorRequirementLifted, workspace.InvitationAmended:
		return []workspace.Role{workspace.Editor, workspace.Client}
	default:
		return []workspace.Role{workspace.Editor}
	}
}

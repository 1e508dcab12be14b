package membership

import (
	"testing"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

func TestPeopleAreTheRegistered(t *testing.T) {
	t.Parallel()
	g := given(t, record(append(
		inAcme(founded, invited(first)),
		domain.On(user.Stream(olivia), user.Registered{Email: sealed(olivia, "olivia@example.com"), Name: sealed(olivia, "Olivia")})...,
	)...)...)
	then(g, people, Person{User: olivia, Name: sealed(olivia, "Olivia"), Email: sealed(olivia, "olivia@example.com")})
}

// What people say about themselves now is what others see of them.
func TestPeopleChange(t *testing.T) {
	t.Parallel()
	g := given(t, record(domain.On(user.Stream(olivia),
		user.Registered{Email: sealed(olivia, "olivia@example.com"), Name: sealed(olivia, "Olivia")},
		user.ProfileChanged{Name: sealed(olivia, "Liv")},
		user.AddressChanged{Email: sealed(olivia, "liv@example.com"), Former: sealed(olivia, "olivia@example.com")},
	)...)...)
	then(g, people, Person{User: olivia, Name: sealed(olivia, "Liv"), Email: sealed(olivia, "liv@example.com")})
}

// Who manages members sees who has a second factor.
func TestPeopleWithTwoFactor(t *testing.T) {
	t.Parallel()
	happened := []domain.Event{
		user.Registered{Email: sealed(olivia, "olivia@example.com"), Name: sealed(olivia, "Olivia")},
		user.TwoFactorEnabled{}, user.TwoFactorDisabled{},
	}
	person := Person{User: olivia, Name: sealed(olivia, "Olivia"), Email: sealed(olivia, "olivia@example.com")}
	then(given(t, record(domain.On(user.Stream(olivia), happened...)...)...), people, person)
	person.TwoFactor = true
	then(given(t, record(domain.On(user.Stream(olivia), happened[:2]...)...)...), people, person)
}

func TestMembersJoinByAccepting(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first), accepted(first))...)...)
	then(g, workspaces, workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15})
	then(g, members,
		memberRow{Workspace: acme, User: olivia, Role: workspace.Owner, JoinedAt: at(1)},
		memberRow{
			Workspace: acme, User: carl, Role: workspace.Client,
			AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, JoinedAt: at(4),
		},
	)
	then(g, assignments, assignmentRow{
		Workspace: acme, User: carl, Account: news, PostingLevel: workspace.Full, ApprovesPosts: true, Mode: workspace.OwnerMode,
	})
}

func TestAssignmentsFollowTheirMember(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first), accepted(first), blogAdded,
		workspace.AccountAssigned{Member: carl, Assignment: workspace.Assignment{Account: blog, PostingLevel: workspace.ApprovalRequired}},
		workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode},
	)...)...)
	then(g, assignments,
		assignmentRow{Workspace: acme, User: carl, Account: news, PostingLevel: workspace.Full, ApprovesPosts: true, Mode: workspace.MemberMode},
		assignmentRow{Workspace: acme, User: carl, Account: blog, PostingLevel: workspace.ApprovalRequired},
	)
}

func TestInvitationsAreSupersededAndAccepted(t *testing.T) {
	t.Parallel()
	row := func(id domain.InvitationID, n int, status workspace.InvitationStatus) invitationRow {
		return invitationRow{
			ID: id, Workspace: acme, Status: status, Generation: 1, Role: workspace.Client, Person: carl,
			Email: sealed(carl, "carl@example.com"), AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, Assignments: offered,
			InvitedBy: olivia, InvitedAt: at(n), ExpiresAt: dawn.Add(invitation.Life), Event: eventID(n), Position: int64(n),
		}
	}
	begun := []domain.Event{founded, invited(first), workspace.InvitationSuperseded{Invitation: first}, invited(second)}
	then(given(t, record(inAcme(begun...)...)...), invitations,
		row(first, 2, workspace.Superseded), row(second, 4, workspace.Pending))
	then(given(t, record(inAcme(append(begun, accepted(second))...)...)...), invitations,
		row(first, 2, workspace.Superseded), row(second, 4, workspace.Accepted))
}

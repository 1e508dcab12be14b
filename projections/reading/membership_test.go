package reading

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

func TestAMemberSeesWhoReauthenticates(t *testing.T) {
	t.Parallel()
	mine := Assignment{
		Account: news, AccountName: "Acme News", Network: "sandbox", PostingLevel: workspace.Full, ApprovesPosts: true,
		Mode: workspace.OwnerMode, Reauthenticates: olivia, Connection: account.Active, ConnectionSince: at(9),
	}
	want := Member{
		User: carl, Name: sealed(carl, "Carl"), Email: sealed(carl, "carl@example.com"), Role: workspace.Client,
		AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, JoinedAt: at(5), Assignments: []Assignment{mine},
	}
	member := func(reader *Reader) (Member, personal.Text) {
		found := value[Team](t)(reader.Member(t.Context(), asCarl, olivia, 0, carl))
		require.Len(t, found.Members, 1)
		return found.Members[0], found.Mender(found.Members[0], found.Members[0].Assignments[0])
	}
	found, mender := member(readerOn(t, team()...))
	require.Equal(t, want, found, "mode owner: the Owner (R35)")
	require.Equal(t, sealed(olivia, "Olivia"), mender)
	require.Equal(t, access, want.Access())

	changed := team(inAcme(workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode})...)
	mine.Mode, mine.Reauthenticates = workspace.MemberMode, carl
	mine.Connection, mine.ConnectionSince = account.Missing, time.Time{}
	want.Assignments = []Assignment{mine}
	found, mender = member(readerOn(t, changed...))
	require.Equal(t, want, found, "mode member: the member (R38)")
	require.Equal(t, sealed(carl, "Carl"), mender)

	mine.ConnectionSince = at(11)
	want.Assignments = []Assignment{mine}
	found, _ = member(readerOn(t, append(changed, onNews(neverThere)...)...))
	require.Equal(t, want, found, "and was asked")
}

func TestWithoutAModeNobodyReauthenticates(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team(inAcme(workspace.AccountAssigned{Member: carl, Assignment: workspace.Assignment{Account: blog}})...)...)
	found := value[Team](t)(reader.Member(t.Context(), asCarl, olivia, 0, carl))
	require.Len(t, found.Members[0].Assignments, 2)
	without := found.Members[0].Assignments[1]
	require.Equal(t, Assignment{Account: blog, AccountName: "Blog", Network: "wordpress", PostingLevel: workspace.Full}, without)
	require.Zero(t, found.Mender(found.Members[0], without))
}

// Wherever the Owner's own line is: among the others, on a later page because they
// joined after them (R11), or left out by a filter.
func TestWhatTheOwnerIsCalled(t *testing.T) {
	t.Parallel()
	names := func(reader *Reader, owner domain.UserID, page MemberPage) (members []domain.UserID, called personal.Text) {
		found := value[Team](t)(reader.Members(t.Context(), ofAcme, owner, 0, page))
		for _, member := range found.Members {
			members = append(members, member.User)
		}
		return members, found.Owner
	}
	reader := readerOn(t, team()...)
	members, called := names(reader, olivia, MemberPage{})
	require.Equal(t, []domain.UserID{olivia, carl}, members)
	require.Equal(t, sealed(olivia, "Olivia"), called)
	for _, page := range []MemberPage{{Role: workspace.Client}, {Account: news}, {After: &MemberKey{JoinedAt: at(1), User: olivia}}} {
		members, called = names(reader, olivia, page)
		require.Equal(t, []domain.UserID{carl}, members)
		require.Equal(t, sealed(olivia, "Olivia"), called)
	}

	handed := readerOn(t, team(inAcme(workspace.OwnershipTransferred{
		From: olivia, To: carl, Assignments: []workspace.Assignment{{Account: news, CredentialMode: workspace.OwnerMode}},
	})...)...)
	members, called = names(handed, carl, MemberPage{Limit: 1})
	require.Equal(t, []domain.UserID{olivia}, members)
	require.Equal(t, sealed(carl, "Carl"), called)
	_, called = names(handed, domain.UserID{7}, MemberPage{})
	require.Zero(t, called, "who has not been heard of")
}

func TestMembersAndWorkspaces(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team()...)
	all := value[Team](t)(reader.Members(t.Context(), ofAcme, olivia, 0, MemberPage{})).Members
	require.Equal(t, []domain.UserID{olivia, carl}, []domain.UserID{all[0].User, all[1].User})
	require.Empty(t, all[0].Assignments)
	require.Len(t, all[1].Assignments, 1)

	want := Workspace{ID: acme, Name: "Acme", Owner: olivia, CreatedAt: at(1), Role: workspace.Client, Grace: 15}
	mine := eventstore.Scope{User: carl}
	require.Equal(t, []Workspace{want}, value[[]Workspace](t)(reader.Workspaces(t.Context(), mine, 0)))
	require.Equal(t, want, value[Workspace](t)(reader.Workspace(t.Context(), asCarl, 0)))
	require.Empty(t, value[[]Workspace](t)(reader.Workspaces(t.Context(), eventstore.Scope{User: dora}, 0)))
	_, err := reader.Workspace(t.Context(), eventstore.Scope{Workspace: acme, User: dora}, 0)
	require.ErrorIs(t, err, ErrNotFound)
	_, err = reader.Member(t.Context(), ofAcme, olivia, 0, domain.UserID{})
	require.ErrorIs(t, err, ErrNotFound)
}

// Assignments come in their accounts' order, and whose connection each needs is
// found among everybody's; an account that the view has not heard of comes last.
func TestAssignmentsAreDescribed(t *testing.T) {
	t.Parallel()
	unheard := []domain.AccountID{{0}, {1}}
	var with accounts
	for _, line := range []calledLine{{blog, "A blog", "wordpress"}, {news, "News", "sandbox"}} {
		with.call(&line)
	}
	for _, line := range []heldLine{
		{holding{news, olivia}, account.Active, at(1)}, {holding{news, carl}, account.Revoked, at(2)}, {holding{blog, dora}, account.Active, at(3)},
	} {
		with.hold(&line)
	}
	assigned := func(to domain.AccountID, mode workspace.CredentialMode) Assignment {
		return Assignment{Account: to, Mode: mode}
	}
	member := Member{User: carl, Assignments: []Assignment{
		assigned(unheard[1], workspace.OwnerMode), assigned(news, workspace.MemberMode), assigned(unheard[0], workspace.NoMode), assigned(blog, workspace.MemberMode),
	}}
	with.describe(member, olivia)
	require.Equal(t, []Assignment{
		{Account: blog, AccountName: "A blog", Network: "wordpress", Mode: workspace.MemberMode, Reauthenticates: carl, Connection: account.Missing},
		{Account: news, AccountName: "News", Network: "sandbox", Mode: workspace.MemberMode, Reauthenticates: carl, Connection: account.Revoked, ConnectionSince: at(2)},
		{Account: unheard[0]},
		{Account: unheard[1], Mode: workspace.OwnerMode, Reauthenticates: olivia, Connection: account.Missing},
	}, member.Assignments)
}

package reading

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

func TestAMemberSeesWhoReauthenticates(t *testing.T) {
	t.Parallel()
	mine := Assignment{
		Account: news, AccountName: "Acme News", Network: "sandbox", PostingLevel: workspace.Full, ApprovesPosts: true,
		Mode: workspace.OwnerMode, Reauthenticates: olivia, ReauthenticatesName: sealed(olivia, "Olivia"), Connection: account.Active, ConnectionSince: at(9),
	}
	want := Member{
		User: carl, Name: sealed(carl, "Carl"), Email: sealed(carl, "carl@example.com"), Role: workspace.Client,
		AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, JoinedAt: at(5), Assignments: []Assignment{mine},
	}
	member := value[Member](t)
	require.Equal(t, want, member(readerOn(t, team()...).Member(t.Context(), asCarl, olivia, 0, carl)), "mode owner: the Owner (R35)")
	require.Equal(t, access, want.Access())

	changed := team(inAcme(workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode})...)
	mine.Mode, mine.Reauthenticates, mine.ReauthenticatesName = workspace.MemberMode, carl, sealed(carl, "Carl")
	mine.Connection, mine.ConnectionSince = account.Missing, time.Time{}
	want.Assignments = []Assignment{mine}
	require.Equal(t, want, member(readerOn(t, changed...).Member(t.Context(), asCarl, olivia, 0, carl)), "mode member: the member (R38)")

	mine.ConnectionSince = at(11)
	want.Assignments = []Assignment{mine}
	require.Equal(t, want, member(readerOn(t, append(changed, onNews(neverThere)...)...).Member(t.Context(), asCarl, olivia, 0, carl)), "and was asked")
}

func TestWithoutAModeNobodyReauthenticates(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team(inAcme(workspace.AccountAssigned{Member: carl, Assignment: workspace.Assignment{Account: blog}})...)...)
	found := value[Member](t)(reader.Member(t.Context(), asCarl, olivia, 0, carl))
	require.Len(t, found.Assignments, 2)
	require.Equal(t, Assignment{Account: blog, AccountName: "Blog", Network: "wordpress", PostingLevel: workspace.Full}, found.Assignments[1])
}

func TestMembersAndWorkspaces(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team()...)
	all := value[[]Member](t)(reader.Members(t.Context(), ofAcme, olivia, 0, MemberPage{}))
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

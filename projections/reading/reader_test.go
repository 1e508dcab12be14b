package reading

import (
	"context"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// waiting is a Progress whose wait always ends like this.
type waiting struct{ err error }

func (w waiting) WaitForCheckpoint(context.Context, string, int64) (int64, error) { return 0, w.err }

func readerOn(t *testing.T, log ...domain.Change) *Reader {
	t.Helper()
	return New(given(t, record(log...)...).Under(eventstore.RoleAPI), waiting{context.DeadlineExceeded})
}

func value[T any](t *testing.T) func(Answer[T], error) T {
	return func(answer Answer[T], err error) T {
		t.Helper()
		require.NoError(t, err)
		return answer.Value
	}
}

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

func TestInvitationsExpireByTheClock(t *testing.T) {
	t.Parallel()
	reader := readerOn(t, team(inAcme(invited(second))...)...)
	end := dawn.Add(invitation.Life)
	statuses := func(now time.Time) []workspace.InvitationStatus {
		found := value[[]Invitation](t)(reader.Invitations(t.Context(), ofAcme, 0, InvitationPage{Now: now}))
		require.Len(t, found, 2)
		return []workspace.InvitationStatus{found[0].Status, found[1].Status}
	}
	require.Equal(t, []workspace.InvitationStatus{workspace.Pending, workspace.Accepted}, statuses(end.Add(-time.Second)))
	require.Equal(t, []workspace.InvitationStatus{workspace.Expired, workspace.Accepted}, statuses(end))
	require.Equal(t, Invitation{
		ID: second, Workspace: acme, WorkspaceName: "Acme", Status: workspace.Pending, Generation: 1, Role: workspace.Client, Person: carl,
		Email: sealed(carl, "carl@example.com"), AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, Assignments: offered,
		InvitedBy: olivia, InvitedByName: sealed(olivia, "Olivia"), InvitedAt: at(10), ExpiresAt: end, Position: 10,
		Delivery: MailWaits,
	}, value[Invitation](t)(reader.Invitation(t.Context(), ofAcme, 0, second, dawn)))
	_, err := reader.Invitation(t.Context(), ofAcme, 0, domain.InvitationID{1}, dawn)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestWhoSeesWhichAccounts(t *testing.T) {
	t.Parallel()
	byCarl := account.Connected{Workspace: acme, Network: "wordpress", Remote: "site-1", Connection: newKey, Holder: carl}
	names := func(reader *Reader, seenBy domain.UserID) []string {
		found := value[[]Account](t)(reader.Accounts(t.Context(), ofAcme, 0, AccountPage{SeenBy: seenBy}))
		all := []string{}
		for _, account := range found {
			all = append(all, account.Name)
		}
		return all
	}
	reader := readerOn(t, team()...)
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, domain.UserID{}))
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, olivia), "the Owner sees all (R2)")
	require.Equal(t, []string{"Acme News"}, names(reader, carl), "assigned (R27)")
	require.Empty(t, names(reader, dora))
	_, err := reader.Account(t.Context(), asCarl, 0, blog, carl)
	require.ErrorIs(t, err, ErrNotFound)

	reader = readerOn(t, team(domain.On(account.Stream(blog), byCarl)...)...)
	require.Equal(t, []string{"Acme News", "Blog"}, names(reader, carl), "connected themselves (R27)")
	require.Equal(t, Account{
		ID: blog, Network: "wordpress", Remote: "site-1", Name: "Blog", AddedBy: carl, HasIdentities: true, AddedAt: at(3), Approval: workspace.AnyClient,
		Connections: []Connection{{Account: blog, Holder: carl, HolderName: sealed(carl, "Carl"), ID: newKey, State: account.Active, Since: at(10)}},
	}, value[Account](t)(reader.Account(t.Context(), asCarl, 0, blog, carl)))
}

// R31: private is what is a draft, whatever a restored log said of it before it
// turned out to be live.
func TestWhatIsLiveIsNotPrivate(t *testing.T) {
	t.Parallel()
	written := post.Written{Workspace: acme, Author: olivia, Private: true, Targets: []post.Place{{Account: news}}}
	for live, events := range map[bool][]domain.Event{
		false: {written},
		true:  {written, post.TargetPublished{Account: news}},
	} {
		reader := readerOn(t, team(domain.On(post.Stream(hello), events...)...)...)
		listed := value[[]Post](t)(reader.Posts(t.Context(), asCarl, 0, PostPage{Viewer: carl}))
		counted := value[[]Lane](t)(reader.Board(t.Context(), asCarl, 0, carl))
		require.Equal(t, live, len(listed) == 1)
		require.Equal(t, live, len(counted) == 1)
	}
}

func TestPostsPageByPage(t *testing.T) {
	t.Parallel()
	onBlog := post.WrittenPlain{Workspace: acme, Author: olivia, Text: "Blog only", Targets: []post.Place{{Account: blog}}}
	log := team(onHello(composed, planned, claimed)...)
	log = append(log, domain.On(post.Stream(domain.PostID{0: 4, 15: 2}), onBlog)...)
	log = append(log, postN(3)...)
	reader := readerOn(t, log...)
	ids := func(page PostPage) []byte {
		found := value[[]Post](t)(reader.Posts(t.Context(), ofAcme, 0, page))
		all := []byte{}
		for _, post := range found {
			require.NotEmpty(t, post.Targets)
			all = append(all, post.ID[15])
		}
		return all
	}
	newest := value[[]Post](t)(reader.Posts(t.Context(), ofAcme, 0, PostPage{Limit: 2}))
	require.Equal(t, []byte{3, 2, 1}, ids(PostPage{}))
	require.Equal(t, []byte{3, 2}, ids(PostPage{Limit: 2}))
	require.Equal(t, []byte{1}, ids(PostPage{Limit: 2, Before: newest[1].Position}))
	require.Equal(t, []byte{3, 1}, ids(PostPage{SeenBy: carl}))
	require.Empty(t, ids(PostPage{SeenBy: dora}))

	seen := value[Post](t)(reader.Post(t.Context(), asCarl, 0, hello, carl))
	require.Equal(t, Post{
		ID: hello, Author: carl, AuthorName: sealed(carl, "Carl"), Text: "Hello", Revision: 1, Reviser: carl, Zone: "Europe/Berlin", WrittenAt: at(10), Position: 10,
		Targets: []Target{{
			Post: hello, Account: news, AccountName: "Acme News", Network: "sandbox", State: post.Claimed, Due: noon, NotBefore: noon,
			Gates: []post.Gate{}, Attempt: attempt, Deadline: claimed.Deadline, Mode: workspace.OwnerMode, Holder: olivia,
			HolderName: sealed(olivia, "Olivia"), Connection: oldKey, PostedAs: "Olivia", Rules: []string{"R34", "R35"}, Position: 12,
		}},
	}, seen, "the target on the other account is not Carl's to see")
	require.Len(t, value[Post](t)(reader.Post(t.Context(), ofAcme, 0, hello, olivia)).Targets, 2)
	_, err := reader.Post(t.Context(), asCarl, 0, domain.PostID{0: 4, 15: 2}, carl)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestAnAnswerThatIsTooOldSaysSo(t *testing.T) {
	t.Parallel()
	pool := given(t, record(team()...)...).Under(eventstore.RoleAPI)
	answer, err := New(pool, waiting{context.DeadlineExceeded}).Members(t.Context(), ofAcme, olivia, 99, MemberPage{})
	require.NoError(t, err)
	require.False(t, answer.Reached)
	require.Zero(t, answer.Position)
	require.Len(t, answer.Value, 2)

	_, err = New(pool, waiting{context.Canceled}).Members(t.Context(), ofAcme, olivia, 99, MemberPage{})
	require.ErrorIs(t, err, context.Canceled)
}

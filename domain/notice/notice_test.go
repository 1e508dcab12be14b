package notice_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/notice"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

var (
	olivia = domain.UserID{15: 1}
	carl   = domain.UserID{15: 2}
	acme   = workspace.Stream(domain.WorkspaceID{15: 3})
	news   = domain.AccountID{15: 4}
)

func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	assigned := workspace.Assignment{Account: news, CredentialMode: workspace.OwnerMode}
	for _, c := range []struct {
		event domain.Event
		kind  notice.Kind
		text  string
	}{
		{workspace.AdminInvited{Person: carl}, notice.Invitation, "You are invited to join “Acme” as an admin."},
		{workspace.AuditorInvited{Person: carl}, notice.Invitation, "You are invited to join “Acme” as an auditor."},
		{workspace.InvitationAccepted{Member: carl, Role: workspace.Editor}, notice.Added, "You are a member of “Acme” now, as an editor."},
		{workspace.RoleChanged{Member: carl, To: workspace.Admin}, notice.AccessChanged, "You are an admin in “Acme” now."},
		{workspace.ClientAccessChanged{Member: carl, To: workspace.ClientAccess{ManagePosts: true}}, notice.AccessChanged, "In “Acme” you may create, change and delete posts now."},
		{workspace.AddingAccountsWithdrawn{Member: carl}, notice.AccessChanged, "You may not add social accounts to “Acme” any more."},
		{workspace.AuditorGranted{Member: carl}, notice.AccessChanged, "You may read the history of “Acme” now."},
		{workspace.AccountAssigned{Member: carl, Assignment: assigned}, notice.AccessChanged, "The account “News” in “Acme” is assigned to you."},
		{workspace.AccountUnassigned{Member: carl, Account: news}, notice.AccessChanged, "The account “News” in “Acme” is not assigned to you any more."},
		{workspace.AccountRemoved{Account: news, Unassigned: []domain.UserID{olivia, carl}}, notice.AccessChanged, "The account “News” in “Acme” is not assigned to you any more."},
		{workspace.PostingLevelChanged{Member: carl, Account: news, To: workspace.ApprovalRequired}, notice.AccessChanged, "Your posts to “News” in “Acme” need an approval now."},
		{workspace.ApprovalChanged{Member: carl, Account: news, ApprovesPosts: true}, notice.AccessChanged, "You may approve posts to “News” in “Acme” now."},
		{workspace.OwnershipOffered{To: carl}, notice.OwnershipOffered, "You are offered the ownership of “Acme”."},
		{workspace.OwnershipTransferred{From: carl, To: olivia}, notice.AccessChanged, "You are an admin in “Acme” now."},
		{workspace.TwoFactorRequired{Member: carl}, notice.TwoFactor, "“Acme” asks you to enable two-factor authentication."},
		{workspace.ExportFinished{Owner: carl, Until: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)}, notice.ExportReady,
			"The archive of everything in “Acme” is ready. You can fetch it until Monday, 30 November 2026, 08:00 UTC."},
		{workspace.MemberRemoved{Member: carl}, notice.Removed, "You are no longer a member of “Acme”."},
	} {
		told := notice.Of(c.event, acme, olivia)
		require.Len(t, told, 1, c.event.EventType())
		require.Equal(t, carl, told[0].To)
		require.Equal(t, c.kind, told[0].Kind, c.event.EventType())
		require.Equal(t, c.text, told[0].Words(notice.Names{Workspace: "Acme", Account: "News"}).Text)
	}
	require.Empty(t, notice.Of(workspace.AccountAssigned{Member: carl, Assignment: assigned}, acme, carl), "nobody is told what they did")
	asked := notice.Of(account.ReauthenticationNeeded{Holder: carl}, account.Stream(news), domain.UserID{})
	require.Equal(t, []notice.Notice{{Kind: notice.Reauthentication, To: carl, Account: news, Details: notice.Details{First: true}}}, asked)
	again := notice.Of(account.HolderReminded{Holder: carl, Connection: domain.ConnectionID{1}, Days: 3}, account.Stream(news), domain.UserID{})
	require.Equal(t, []notice.Notice{{Kind: notice.StillDown, To: carl, Account: news, Details: notice.Details{Days: 3}}}, again)
	require.Equal(t, "The account “News” in “Acme” still needs to be connected again: your connection does not work any more.", again[0].Words(notice.Names{Workspace: "Acme", Account: "News"}).Text)
	for _, event := range []domain.Event{
		user.PasswordChanged{}, user.PasswordResetCompleted{}, user.AddressChanged{}, user.NewClientNoted{}, user.TwoFactorEnabled{}, user.TwoFactorDisabled{},
	} {
		told := notice.Of(event, user.Stream(carl), carl)
		require.Len(t, told, 1, event.EventType())
		require.Equal(t, carl, told[0].To)
		require.Equal(t, notice.Security, told[0].Kind.Class(), "one's own doing included: it may have been somebody else's")
	}
}

// R22, R61: whom the workspace alone knows.
func TestWhoIsToldByState(t *testing.T) {
	t.Parallel()
	pending := domain.InvitationID{15: 9}
	w := &workspace.Workspace{Owner: olivia, Invitations: map[domain.InvitationID]workspace.Invitation{
		pending: {Person: carl, Status: workspace.Pending, Role: workspace.Client, ExpiresAt: time.Now()},
	}}
	told := notice.OfState(workspace.InvitationResent{Invitation: pending}, w, olivia)
	require.Equal(t, []notice.Notice{{Kind: notice.Invitation, To: carl, Details: notice.Details{Role: workspace.Client}}}, told)
	require.Empty(t, notice.OfState(workspace.InvitationResent{}, w, olivia))

	posts := []domain.PostID{{15: 5}}
	for name, c := range map[string]struct {
		event domain.Event
		by    domain.UserID
		told  bool
	}{
		"removed by the Owner, without posts": {workspace.MemberRemoved{Member: carl}, olivia, false},
		"removed by the Owner, with posts":    {workspace.MemberRemoved{Member: carl, Posts: posts}, olivia, true},
		"left":                                {workspace.MemberLeft{Member: carl}, carl, true},
		"unassigned, without posts":           {workspace.AccountUnassigned{Member: carl, Account: news}, olivia, false},
		"unassigned, with posts":              {workspace.AccountUnassigned{Member: carl, Account: news, Posts: posts}, olivia, true},
	} {
		require.True(t, notice.NeedsState(c.event), name)
		told := notice.OfState(c.event, w, c.by)
		require.Equal(t, c.told, len(told) == 1, name)
		if c.told {
			require.Equal(t, olivia, told[0].To, name)
			require.Equal(t, notice.PostsPassed, told[0].Kind, name)
		}
	}
}

// R13, R68: what concerns the workspace is told to all but who did it; what
// concerns an account, to those who have it.
func TestWhatEverybodyIsTold(t *testing.T) {
	t.Parallel()

	member := func(id domain.UserID, role workspace.Role, accounts ...domain.AccountID) workspace.Member {
		m := workspace.Member{User: id, Role: role, Assignments: map[domain.AccountID]workspace.Assignment{}}
		for _, one := range accounts {
			m.Assignments[one] = workspace.Assignment{Account: one}
		}
		return m
	}
	w := &workspace.Workspace{Owner: olivia, Members: map[domain.UserID]workspace.Member{
		olivia: member(olivia, workspace.Owner), carl: member(carl, workspace.Client, news), edith: member(edith, workspace.Editor),
	}}
	day := time.Date(2026, 12, 30, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		event domain.Event
		by    domain.UserID
		to    []domain.UserID
		kind  notice.Kind
		text  string
	}{
		{workspace.Renamed{From: "Acme", To: "Apex"}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceChanged, "“Acme” is called “Apex” now."},
		{workspace.PublishingPaused{}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceChanged, "Publishing in “Apex” is paused."},
		{workspace.PublishingPaused{Account: news}, edith, []domain.UserID{olivia, carl}, notice.WorkspaceChanged, "Publishing to “News” in “Apex” is paused."},
		{workspace.PublishingResumed{Account: news}, olivia, []domain.UserID{carl}, notice.WorkspaceChanged, "Publishing to “News” in “Apex” goes on."},
		{workspace.PublishingResumed{}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceChanged, "Publishing in “Apex” goes on."},
		{workspace.Closed{}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceEnding, "“Apex” is closed."},
		{workspace.DeletionScheduled{Until: day}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceEnding, "“Apex” will be deleted on Wednesday, 30 December 2026, 08:00 UTC."},
		{workspace.DeletionCancelled{}, olivia, []domain.UserID{carl, edith}, notice.WorkspaceEnding, "“Apex” will not be deleted after all."},
	} {
		require.True(t, notice.NeedsState(c.event), c.text)
		require.Empty(t, notice.Of(c.event, acme, c.by), c.text)
		var to []domain.UserID
		for _, told := range notice.OfState(c.event, w, c.by) {
			to = append(to, told.To)
			require.Equal(t, c.kind, told.Kind, c.text)
			require.Equal(t, c.text, told.Words(notice.Names{Workspace: "Apex", Account: "News"}).Text)
		}
		require.Equal(t, c.to, to, c.text)
	}
}

// R13: all who were members when a workspace was deleted are told, the Owner too,
// by mail: inside nobody sees anything of it any more.
func TestDeletionIsTold(t *testing.T) {
	t.Parallel()
	w := &workspace.Workspace{Owner: olivia, Deleted: true, Members: map[domain.UserID]workspace.Member{
		olivia: {User: olivia, Role: workspace.Owner}, carl: {User: carl, Role: workspace.Client},
	}}
	require.True(t, notice.NeedsState(workspace.Deleted{}))
	told := notice.OfState(workspace.Deleted{}, w, domain.UserID{})
	require.Equal(t, []notice.Notice{{Kind: notice.WorkspaceDeleted, To: olivia}, {Kind: notice.WorkspaceDeleted, To: carl}}, told)
	require.Equal(t, "“Acme” was deleted.", told[1].Words(notice.Names{Workspace: "Acme"}).Text)
	require.Equal(t, []notice.Channel{notice.Email}, told[0].Kind.Channels())
}

// Announcements names what is announced, and nothing else.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, event := range notice.Announcements() {
		named[event.EventType()] = true
	}
	for _, aggregate := range catalog.Aggregates() {
		for _, kind := range aggregate.Events {
			event, err := kind.Decode([]byte("{}"))
			require.NoError(t, err)
			_, announced := notice.Announced(event)
			require.Equal(t, named[kind.Name], announced, kind.Name)
		}
	}
}

// Events names what Of knows, for who asks the log for no more.
func TestEventsAreThoseThatTell(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, event := range notice.Events() {
		named[event.EventType()] = true
	}
	for _, aggregate := range catalog.Aggregates() {
		for _, kind := range aggregate.Events {
			event, err := kind.Decode([]byte("{}"))
			require.NoError(t, err)
			inside := false
			for _, told := range notice.Of(filled(event), domain.Stream{Category: aggregate.Category}, domain.UserID{}) {
				inside = inside || told.Kind.In(notice.Product)
			}
			require.Equal(t, named[kind.Name], inside, kind.Name)
		}
	}
}

// filled gives an event one person wherever it names some.
func filled(event domain.Event) domain.Event {
	value := reflect.New(reflect.TypeOf(event)).Elem()
	value.Set(reflect.ValueOf(event))
	for i := range value.NumField() {
		switch field := value.Field(i); field.Interface().(type) {
		case domain.UserID:
			field.Set(reflect.ValueOf(carl))
		case []domain.UserID:
			field.Set(reflect.ValueOf([]domain.UserID{carl}))
		case []domain.AccountID:
			field.Set(reflect.ValueOf([]domain.AccountID{news}))
		}
	}
	return value.Interface().(domain.Event)
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range notice.Kinds() {
		require.True(t, kind.IsKnown())
		require.NotEmpty(t, kind.Channels(), kind)
		require.False(t, kind.Optional() && kind.Class() == notice.Security, kind)
		require.Equal(t, kind.Class() == notice.Collaboration, kind.Gathered(), kind)
		words := notice.Notice{Kind: kind}.Words(notice.Names{})
		require.NotEmpty(t, words.Subject, kind)
		require.True(t, strings.HasSuffix(words.Text, "."), kind)
		require.NotContains(t, words.Subject+words.Text+words.Advice, "“”", kind)
	}
	unknown := notice.Kind("of a newer version")
	require.False(t, unknown.IsKnown() || unknown.Optional() || unknown.Gathered())
}

func TestDetails(t *testing.T) {
	t.Parallel()
	details := notice.Details{Change: notice.AccessChange, Access: &workspace.ClientAccess{AddAccounts: true}, Posts: []domain.PostID{{15: 1}}}
	require.Equal(t, details, notice.ParseDetails(details.String()))
	require.Equal(t, notice.Details{}, notice.ParseDetails("nonsense"))
}

func TestUnsubscribeToken(t *testing.T) {
	t.Parallel()
	key := [32]byte{1}
	token := notice.NewUnsubscribeToken(key, carl, notice.Added)
	person, kind, genuine := token.Prove(key)
	require.True(t, genuine)
	require.Equal(t, carl, person)
	require.Equal(t, notice.Added, kind)
	_, _, genuine = token.Prove([32]byte{2})
	require.False(t, genuine)
	for i := range len(token) {
		forged := []byte(token)
		forged[i] ^= 1
		if person, kind, genuine := notice.UnsubscribeToken(forged).Prove(key); genuine {
			require.Equal(t, carl, person) // a bit that base64 does not use
			require.Equal(t, notice.Added, kind)
		}
	}
	for _, bad := range []string{"", "A", strings.Repeat("A", 201), strings.Repeat("A", 60)} {
		_, _, genuine := notice.UnsubscribeToken(bad).Prove(key)
		require.False(t, genuine, bad)
	}
	require.Equal(t, "[secret]", token.String())
}

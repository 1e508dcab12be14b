package mail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/internal/mail"
)

var (
	names = notice.Names{Workspace: "Acme", Account: "Acme News", Network: "Mastodon"}
	at    = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)
)

// samples is one notice of every kind, and of every change of access.
func samples() map[string]notice.Notice {
	samples := map[string]notice.Notice{}
	for _, kind := range notice.Kinds() {
		if len(kind.Channels()) == 1 && kind.Class() == notice.Security {
			continue // a mail of its own: see TestLetters
		}
		samples[string(kind)] = notice.Notice{Kind: kind, Account: domain.AccountID{15: 2}, Details: notice.Details{
			Role: workspace.Editor, Posts: make([]domain.PostID, 2), Accounts: make([]domain.AccountID, 3), Granted: true,
		}}
	}
	for name, details := range map[string]notice.Details{
		"role":       {Change: notice.RoleChange, Role: workspace.Admin, From: workspace.Editor},
		"access":     {Change: notice.AccessChange, Access: &workspace.ClientAccess{AddAccounts: true, ManagePosts: true}},
		"read_only":  {Change: notice.AccessChange, Access: &workspace.ClientAccess{}},
		"adding":     {Change: notice.AddingChange, Granted: true},
		"assigned":   {Change: notice.Assigned, Mode: workspace.OwnerMode},
		"unassigned": {Change: notice.Unassigned},
		"level":      {Change: notice.LevelChange, Level: workspace.ApprovalRequired},
		"approval":   {Change: notice.ApprovalChange, Granted: true},
		"mode":       {Change: notice.ModeChange, Mode: workspace.MemberMode},
		"auditor":    {Change: notice.AuditorChange},
	} {
		samples["access_changed_"+name] = notice.Notice{Kind: notice.AccessChanged, Details: details}
	}
	samples["posts_passed_gone"] = notice.Notice{Kind: notice.PostsPassed, Details: notice.Details{Gone: true, Posts: make([]domain.PostID, 1)}}
	samples["posts_passed_none"] = notice.Notice{Kind: notice.PostsPassed, Details: notice.Details{Gone: true}}
	for name, details := range map[string]notice.Details{
		"renaming": {Change: notice.Renaming, Name: "Apex"},
		"pausing":  {Change: notice.Pausing},
		"resuming": {Change: notice.Resuming},
	} {
		samples["workspace_changed_"+name] = notice.Notice{Kind: notice.WorkspaceChanged, Details: details}
	}
	for name, details := range map[string]notice.Details{
		"closing":   {Change: notice.Closing},
		"deleting":  {Change: notice.Deleting, Until: at.Add(closing.DeletionGrace)},
		"remaining": {Change: notice.Remaining},
	} {
		samples["workspace_ending_"+name] = notice.Notice{Kind: notice.WorkspaceEnding, Details: details}
	}
	samples["workspace_changed"] = notice.Notice{Kind: notice.WorkspaceChanged, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.Pausing}}
	samples["export_ready"] = notice.Notice{Kind: notice.ExportReady, Details: notice.Details{Until: at.Add(closing.ExportLife)}}
	for name, n := range map[string]notice.Notice{
		"post_waiting_revised":   {Kind: notice.PostWaiting, Details: notice.Details{Change: notice.Revised}},
		"post_waiting_by_itself": {Kind: notice.PostWaiting, Details: notice.Details{Change: notice.ByItself, Until: at}},
		"post_waiting_until":     {Kind: notice.PostWaiting, Account: domain.AccountID{15: 2}, Details: notice.Details{Until: at}},
		"post_unknown_still":     {Kind: notice.PostUnknown, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.Still}},
		"post_approved_in_part":  {Kind: notice.PostApproved, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.InPart}},
		"post_failed_rights":     {Kind: notice.PostFailed, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.OfRights, Why: "You are no admin of the page."}},
		"post_trouble_rights":    {Kind: notice.PostTrouble, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.OfRights, Why: "You are no admin of the page."}},
		"post_handed_over_until": {Kind: notice.PostHandedOver, Account: domain.AccountID{15: 2}, Details: notice.Details{Until: at}},
	} {
		samples[name] = n
	}
	for _, kind := range []notice.Kind{notice.PostFailed, notice.PostMissed, notice.PostUnknown, notice.PostTrouble, notice.PostKept} {
		samples[string(kind)] = notice.Notice{Kind: kind, Account: domain.AccountID{15: 2}, Details: notice.Details{Change: notice.OfContent, Why: "The reason in plain words."}}
	}
	delete(samples, string(notice.WorkspaceEnding))
	samples["invitation_auditor"] = notice.Notice{Kind: notice.Invitation, Details: notice.Details{Role: notice.Auditor}}
	delete(samples, string(notice.AccessChanged))
	return samples
}

// Every kind has its mail, as it stands in testdata.
func TestNotices(t *testing.T) {
	t.Parallel()
	for name, told := range samples() {
		m, err := notices(t, mail.Told{Notice: told, Names: names, At: at}).Message(id, to)
		require.NoError(t, err, name)
		golden(t, "notice_"+name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
	}
	told := mail.Told{Notice: samples()["access_changed_mode"], Names: names, At: at}
	m, err := notices(t, told).Message(id, to)
	require.NoError(t, err)
	golden(t, "notice.html", m.HTML)
}

func notices(t *testing.T, told ...mail.Told) mail.Notices {
	t.Helper()
	n := mail.Notices{Told: told, Link: link(t, "https://behalf.example/v1/me")}
	if len(told) > 1 || told[0].Notice.Kind.Optional() {
		n.Unsubscribe = link(t, unsubscribe)
	}
	return n
}

// Several that were gathered are one mail, which names the workspace when it is
// one for all of them.
func TestGathered(t *testing.T) {
	t.Parallel()
	first := mail.Told{Notice: samples()["access_changed_role"], Names: names, At: at}
	second := mail.Told{Notice: samples()["posts_passed"], Names: names, At: at, Listed: []string{"Sunday\r\nBcc: eve@example.com", "Monday"}}
	elsewhere := first
	elsewhere.Names.Workspace = "Blue"
	for name, told := range map[string][]mail.Told{"gathered": {first, second}, "gathered_from_two": {first, elsewhere}} {
		m, err := notices(t, told...).Message(id, to)
		require.NoError(t, err)
		golden(t, name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, name+".html", m.HTML)
	}
	_, err := mail.Notices{Link: link(t, planted)}.Message(id, to)
	require.Error(t, err, "nothing to tell")
}

// A long list is cut, and says so.
func TestLongLists(t *testing.T) {
	t.Parallel()
	m, err := notices(t, mail.Told{Notice: samples()["posts_passed"], Names: names, Listed: make([]string, 23)}).Message(id, to)
	require.NoError(t, err)
	require.Contains(t, m.Text, "… and 3 more.")
}

// RFC 8058: what may be switched off says how, in the header too; what may not
// has neither.
func TestUnsubscribing(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	for name, told := range samples() {
		m, err := notices(t, mail.Told{Notice: told, Names: names, At: at}).Message(name+"@behalf.example", to)
		require.NoError(t, err)
		require.NoError(t, sender.Send(t.Context(), m))
	}
	for _, got := range server.Messages() {
		name := got.ID[:len(got.ID)-len("@behalf.example")]
		if samples()[name].Kind.Optional() {
			require.Equal(t, "<"+unsubscribe+">", got.Header.Get("List-Unsubscribe"), name)
			require.Equal(t, "List-Unsubscribe=One-Click", got.Header.Get("List-Unsubscribe-Post"), name)
			require.Contains(t, got.Text, unsubscribe)
			require.Contains(t, got.HTML, unsubscribe)
			continue
		}
		require.Empty(t, got.Header.Get("List-Unsubscribe"), name)
		require.NotContains(t, got.Text+got.HTML, "no more mails", name)
	}
}

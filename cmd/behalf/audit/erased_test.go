package audit_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/cmd/behalf/story"
	"behalf/eventstore/seal/checkpoint"
)

// nora is a person who is erased.
var nora = story.Person{Name: "Nora Nordwind", Email: "Nora.Nordwind@Example.NET", Password: "noras own password"}

// keeper is a site that an operator works on.
type keeper struct{ *sitetest.Site }

// tool runs a subcommand as a process of its own, on the data folder of the
// site, and requires an exit code; it answers all that was printed.
func (s keeper) tool(ctx context.Context, t *testing.T, code int, args ...string) string {
	t.Helper()
	process := sitetest.Command(ctx, t, s.Variables, append(args, "--data="+s.Settings.Data)...)
	said, _ := process.CombinedOutput()
	require.Equal(t, code, process.ProcessState.ExitCode(), "%s\n%s", args, said)
	require.NotContains(t, string(said), "\x1b", "there is no terminal, hence no progress bar")
	return string(said)
}

// joins has Olivia invite somebody, and them accept; it answers their id.
func (s keeper) joins(ctx context.Context, t *testing.T, person story.Person) (*story.Visitor, string) {
	t.Helper()
	_, err := s.Olivia.Command(ctx, s.Workspace, "InviteClient", "", map[string]any{
		"email": person.Email, "access": map[string]bool{"add_accounts": false, "manage_posts": true},
		"assignments": []map[string]string{{"account": s.Account, "credential_mode": "owner"}},
	})
	require.NoError(t, err)
	mail, err := s.AwaitMail(ctx, person.Email, "/v1/invitations/")
	require.NoError(t, err)
	_, token, _ := strings.Cut(mail.Text, "/v1/invitations/")
	visitor := story.NewVisitor(s.Addresses.API, nil)
	id, err := visitor.SignUpInvited(ctx, person, strings.Fields(token)[0])
	require.NoError(t, err)
	_, err = visitor.Command(ctx, s.Workspace, "AcceptInvitation", "", map[string]string{"token": strings.Fields(token)[0]})
	require.NoError(t, err)
	return visitor, id
}

// An operator erases somebody, by a process of its own. They are gone from all
// that is shown, by the processes that run meanwhile too; and the history is
// what it was: an old checkpoint and an old export hold, everything is sound,
// and the views rebuild (R66).
func TestTheHistoryOutlivesAPerson(t *testing.T) {
	t.Parallel()
	ctx, opened := sitetest.Open(t)
	s := keeper{opened}
	s.Work(t)
	her, person := s.joins(ctx, t, nora)
	a := auditor{t, opened}
	a.sealed(ctx, s.head(ctx, t))
	folder := t.TempDir()
	kept, export := filepath.Join(folder, "kept"), filepath.Join(folder, "before.jsonl")
	signed, err := checkpoint.Folder(filepath.Join(s.Settings.Data, "checkpoints")).Latest()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(kept, signed, 0o600))
	key, ws := "--key="+strings.TrimSpace(a.prints("key")), "--workspace="+s.Workspace
	s.tool(ctx, t, 0, "audit", "export", ws, "--out="+export)
	require.Contains(t, s.tool(ctx, t, 0, "audit", "log", ws, "--clients"), nora.Email)

	member := fmt.Sprint(s.head(ctx, t))
	require.Contains(t, s.tool(ctx, t, 1, "erase", person), "say --yes")
	require.Contains(t, s.tool(ctx, t, 1, "erase", "usr_"+strings.Repeat("1", 32), "--yes"), "there is no person")
	s.tool(ctx, t, 2, "erase", "nora@example.com", "--yes")
	var me struct{ User string }
	require.NoError(t, s.Olivia.Get(ctx, "/v1/me", &me))
	require.Contains(t, s.tool(ctx, t, 1, "erase", me.User, "--yes"), "R12")
	require.NoError(t, her.Get(ctx, "/v1/me", new(any)), "nothing has happened yet")
	for range 2 { // the second time there is nothing left to do
		require.Contains(t, s.tool(ctx, t, 0, "erase", person, "--yes"), person+" is erased.")
	}
	require.Error(t, her.Get(ctx, "/v1/me", new(any)), "she is signed in no more")
	require.Eventually(t, func() bool { // a running process forgets a key within seconds
		return strings.Contains(sitetest.Texts(ctx, t, s.Olivia, "/v1/workspaces/"+s.Workspace+"/invitations"), "erased person")
	}, sitetest.TestTime, 20*time.Millisecond)
	sitetest.HasLeft(ctx, t, s.Olivia, s.Workspace, person)

	a.sealed(ctx, s.head(ctx, t))
	require.Contains(t, s.tool(ctx, t, 0, "audit", "verify", key, "--checkpoint="+kept), "are what was sealed")
	require.Contains(t, s.tool(ctx, t, 0, "audit", "verify"), "None is newer")
	require.Contains(t, s.tool(ctx, t, 0, "audit", "verify", key, "--export="+export), "genuine and whole")
	again := filepath.Join(folder, "after.jsonl")
	s.tool(ctx, t, 0, "audit", "export", ws, "--out="+again)
	require.Contains(t, s.tool(ctx, t, 0, "audit", "verify", key, "--export="+again), "genuine and whole")
	for _, view := range []string{"members", "people", "invitations"} {
		require.Contains(t, s.tool(ctx, t, 0, "project", "rebuild", view), " is rebuilt")
	}
	require.Contains(t, s.tool(ctx, t, 0, "audit", "fsck"), "versions, ids, workspaces and contents are whole")

	shown := s.tool(ctx, t, 0, "audit", "log", ws, "--clients") + s.tool(ctx, t, 0, "audit", "log", ws, "--format=json") +
		s.tool(ctx, t, 0, "audit", "log", ws, "--format=csv") + s.tool(ctx, t, 0, "audit", "show", ws, "--as-of="+member)
	require.Contains(t, shown, "AcceptInvitation by erased person from erased person: invitation accepted")
	require.Contains(t, shown, `"client":"erased person"`)
	require.Contains(t, shown, "client: erased person")
	require.NotContains(t, strings.ToLower(shown), strings.ToLower(nora.Email))
	require.NotContains(t, shown, nora.Name)
}

// head is the position of the newest event.
func (s keeper) head(ctx context.Context, t *testing.T) (position int64) {
	t.Helper()
	require.NoError(t, s.Database.QueryRow(ctx, `select max(position) from log.events`).Scan(&position))
	return position
}

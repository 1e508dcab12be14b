package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/story"
	"behalf/eventstore/seal/checkpoint"
)

// tool runs a subcommand as a process of its own, on the data folder of the
// site, and requires an exit code; it answers all that was printed.
func (s *site) tool(ctx context.Context, t *testing.T, code int, args ...string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	process := exec.CommandContext(ctx, self, append(args, "--data="+s.settings.Data)...)
	process.Env = append(os.Environ(), asProgram+"=1")
	for name, value := range s.variables {
		process.Env = append(process.Env, name+"="+value)
	}
	said, _ := process.CombinedOutput()
	require.Equal(t, code, process.ProcessState.ExitCode(), "%s\n%s", args, said)
	require.NotContains(t, string(said), "\x1b", "there is no terminal, hence no progress bar")
	return string(said)
}

// joins has Olivia invite somebody, and them accept; it answers their id.
func (s *site) joins(ctx context.Context, t *testing.T, person story.Person) (*story.Visitor, string) {
	t.Helper()
	_, err := s.olivia.Command(ctx, s.workspace, "InviteClient", "", map[string]any{
		"email": person.Email, "access": map[string]bool{"add_accounts": false, "manage_posts": true},
		"assignments": []map[string]string{{"account": s.account, "credential_mode": "owner"}},
	})
	require.NoError(t, err)
	mail, err := s.awaitMail(ctx, person.Email, "/v1/invitations/")
	require.NoError(t, err)
	_, token, _ := strings.Cut(mail.Text, "/v1/invitations/")
	visitor := story.NewVisitor(s.addresses.api, nil)
	id, err := visitor.SignUpInvited(ctx, person, strings.Fields(token)[0])
	require.NoError(t, err)
	_, err = visitor.Command(ctx, s.workspace, "AcceptInvitation", "", map[string]string{"token": strings.Fields(token)[0]})
	require.NoError(t, err)
	return visitor, id
}

// An operator erases somebody, by a process of its own. They are gone from all
// that is shown, by the processes that run meanwhile too; and the history is
// what it was: an old checkpoint and an old export hold, everything is sound,
// and the views rebuild (R66).
func TestTheHistoryOutlivesAPerson(t *testing.T) {
	t.Parallel()
	ctx, s := openSite(t)
	s.work(t)
	her, person := s.joins(ctx, t, quirina)
	a := auditor{t, s}
	a.sealed(ctx, s.head(ctx, t))
	folder := t.TempDir()
	kept, export := filepath.Join(folder, "kept"), filepath.Join(folder, "before.jsonl")
	signed, err := checkpoint.Folder(filepath.Join(s.settings.Data, "checkpoints")).Latest()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(kept, signed, 0o600))
	key, ws := "--key="+strings.TrimSpace(a.prints("key")), "--workspace="+s.workspace
	s.tool(ctx, t, 0, "audit", "export", ws, "--out="+export)
	require.Contains(t, s.tool(ctx, t, 0, "audit", "log", ws, "--clients"), quirina.Email)

	require.Contains(t, s.tool(ctx, t, 1, "erase", person), "say --yes")
	require.Contains(t, s.tool(ctx, t, 1, "erase", "usr_"+strings.Repeat("1", 32), "--yes"), "there is no person")
	s.tool(ctx, t, 2, "erase", "quirina@example.com", "--yes")
	var me struct{ User string }
	require.NoError(t, s.olivia.Get(ctx, "/v1/me", &me))
	require.Contains(t, s.tool(ctx, t, 1, "erase", me.User, "--yes"), "R12")
	require.NoError(t, her.Get(ctx, "/v1/me", new(any)), "nothing has happened yet")
	for range 2 { // the second time there is nothing left to do
		require.Contains(t, s.tool(ctx, t, 0, "erase", person, "--yes"), person+" is erased.")
	}
	require.Error(t, her.Get(ctx, "/v1/me", new(any)), "she is signed in no more")
	require.Eventually(t, func() bool { // a running process forgets a key within seconds
		return strings.Contains(get(ctx, t, s.olivia, "/v1/workspaces/"+s.workspace+"/members"), "erased person")
	}, testTime, 20*time.Millisecond)

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
		s.tool(ctx, t, 0, "audit", "log", ws, "--format=csv") + s.tool(ctx, t, 0, "audit", "show", ws)
	require.Contains(t, shown, "AcceptInvitation by erased person from erased person: invitation accepted")
	require.Contains(t, shown, `"client":"erased person"`)
	require.Contains(t, shown, "client: erased person")
	require.NotContains(t, strings.ToLower(shown), strings.ToLower(quirina.Email))
	require.NotContains(t, shown, quirina.Name)
}

// head is the position of the newest event.
func (s *site) head(ctx context.Context, t *testing.T) (position int64) {
	t.Helper()
	require.NoError(t, s.database.QueryRow(ctx, `select max(position) from log.events`).Scan(&position))
	return position
}

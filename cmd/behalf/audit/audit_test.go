package audit_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/config"
)

// auditor runs "behalf audit" on a site, as somebody with its data folder.
type auditor struct {
	t    *testing.T
	site *sitetest.Site
}

// ends runs it and requires an exit code; it answers both outputs.
func (a auditor) ends(code int, args ...string) (out, problems string) {
	a.t.Helper()
	var o, p sitetest.Buffer
	ended := program.Run(a.t.Context(), append([]string{"audit", "--data=" + a.site.Settings.Data}, args...), process.Environment{
		Out: &o, Err: &p,
		Lookup: func(name string) (string, bool) {
			value, set := a.site.Variables[name]
			return value, set && config.Setting(name) != config.RedisURL
		},
	})
	require.Equal(a.t, code, ended, "%s\n%s\n%s", args, o.String(), p.String())
	return o.String(), p.String()
}

// prints is ends with 0; it answers what was printed.
func (a auditor) prints(args ...string) string {
	a.t.Helper()
	out, _ := a.ends(0, args...)
	return out
}

// openSealed is a site in which Carl was invited, and all of it is sealed.
func openSealed(t *testing.T) (context.Context, auditor, int64) {
	t.Helper()
	ctx, s := sitetest.Open(t)
	done, err := s.Olivia.Command(ctx, s.Workspace, "InviteClient", "", map[string]any{
		"email": "carl@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": true},
		"assignments": []map[string]string{{"account": s.Account, "credential_mode": "owner"}},
	})
	require.NoError(t, err)
	a := auditor{t, s}
	a.sealed(ctx, done.Position)
	return ctx, a, done.Position
}

// sealed waits until a position is sealed, in the database and in the folder.
func (a auditor) sealed(ctx context.Context, position int64) {
	a.t.Helper()
	require.Eventually(a.t, func() bool { // the database first, then the folder
		var sealed string
		require.NoError(a.t, a.site.Database.QueryRow(ctx, `
select coalesce(max(convert_from(note, 'UTF8')), '')
from seal.checkpoints
where position >= $1`, position).Scan(&sealed))
		signed, err := checkpoint.Folder(filepath.Join(a.site.Settings.Data, "checkpoints")).Latest()
		return err == nil && sealed != "" && sealed == string(signed)
	}, sitetest.TestTime, 10*time.Millisecond)
}

func TestAuditHistory(t *testing.T) {
	t.Parallel()
	_, a, invited := openSealed(t)
	ws := "--workspace=" + a.site.Workspace
	whole := a.prints("log", ws)
	require.Equal(t, 4, strings.Count(whole, "\n"))
	require.Contains(t, whole, "ConnectAccount by Olivia on Acme News: account connected")
	require.Equal(t, whole, a.prints("log", ws, "--stream=account", "--stream=workspace"), "nothing else has happened")
	require.Equal(t, 3, strings.Count(a.prints("log", ws, "--stream=workspace"), "\n"))
	require.Contains(t, whole, "InviteClient by Olivia: client invited")
	require.Contains(t, whole, "carl@example.com")
	require.Equal(t, 1, strings.Count(a.prints("log", ws, "--command=InviteClient"), "\n"))
	require.Equal(t, 3, strings.Count(a.prints("log", ws, "--account="+a.site.Account), "\n"))
	require.Equal(t, 1, strings.Count(a.prints("log", ws, "--limit=1"), "\n"))
	require.Empty(t, a.prints("log", ws, "--until=2000-01-01T00:00:00Z"))
	require.Equal(t, whole, a.prints("log", ws, "--since=2000-01-01T00:00:00Z"))
	require.Equal(t, 5, strings.Count(a.prints("log", ws, "--format=csv"), "\n"))
	var first struct {
		Position int64
		Type     string
	}
	lines := strings.Split(a.prints("log", ws, "--format=json"), "\n")
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	require.Equal(t, "workspace.created.v1", first.Type)
	rest := a.prints("log", ws, "--after="+strconv.FormatInt(first.Position, 10))
	require.Equal(t, strings.SplitAfterN(whole, "\n", 2)[1], rest)

	before := strconv.FormatInt(invited-1, 10)
	require.Contains(t, a.prints("show", ws), "invited: carl@example.com as client (manage posts), until ")
	require.Contains(t, a.prints("show", ws, "--as-of=2999-01-01T00:00:00Z"), "invited: carl@example.com as client (manage posts), expired ")
	require.NotContains(t, a.prints("show", ws, "--as-of="+before), "carl")
	require.Contains(t, a.prints("diff", ws, "--from="+before), "+ invitation inv_")
	require.Equal(t, "Nothing changed.\n", a.prints("diff", ws, "--from="+strconv.FormatInt(invited, 10)))
	require.Contains(t, a.prints("who-could", ws, "--account="+a.site.Account),
		"Olivia (owner) could publish to Acme News: credential mode owner, the connection of Olivia is active (R42, R36)")
	require.Contains(t, a.prints("who-could", ws, "--account=acc_"+strings.Repeat("1", 32)), "Nobody was permitted")

	_, problems := a.ends(1, "show", ws, "--as-of=2000-01-01T00:00:00Z")
	require.Contains(t, problems, "there is no such workspace at that moment")
	out, problems := a.ends(1, "show", ws, "--as-of=1000000")
	require.Empty(t, out, "nothing that looks final")
	require.Contains(t, problems, "nothing is at position 1000000 yet: the log ends at ")
	a.ends(2, "log", ws, "--limit=-1")
	a.ends(2, "log", ws, "--follow", "--limit=1")
	a.ends(2, "log", ws, "--since=yesterday")
	a.ends(2, "log", ws, "--stream=nonsense")
}

// The history is more than the membership: what was posted, and who has read
// it. Nothing that somebody wrote becomes a line of its own.
func TestAuditLogOfPostsAndReaders(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	ws := "--workspace=" + a.site.Workspace
	forged := "Hello\n#99999 2026-11-22 12:00:00.000Z  LeaveWorkspace by Olivia: left"
	a.site.Publish(ctx, t, "PublishPost", map[string]any{"text": forged})
	require.NoError(t, a.site.Olivia.Get(ctx, "/v1/workspaces/"+a.site.Workspace+"/history?stream=account", new(any)))

	posts := a.prints("log", ws, "--stream=post")
	require.Equal(t, 2, strings.Count(posts, "\n"), posts)
	require.Contains(t, posts, `PublishPost by Olivia on post_`)
	require.Contains(t, posts, `Hello\n#99999`)
	readers := a.prints("log", ws, "--stream=auditlog")
	require.Contains(t, readers, "RecordHistoryRead by Olivia: history consulted: reader Olivia, question log, about stream account")
	whole := a.prints("log", ws)
	require.Equal(t, 4+2+1+1, strings.Count(whole, "\n"), "the minute of the post among them (R57)")
	require.Contains(t, whole, posts)
	require.NotContains(t, whole, "from 127.0.0.1")
	require.Equal(t, 8, strings.Count(a.prints("log", ws, "--clients", "--actor="+a.olivia(ctx)), " by Olivia from 127.0.0.1"))
	require.Equal(t, 8, strings.Count(a.prints("log", ws, "--format=json"), `"client":"127.0.0.1"`))
	require.Equal(t, 8, strings.Count(a.prints("log", ws, "--format=csv"), ",127.0.0.1,"))
}

// A person reads what is peculiar about a workspace.
func TestAuditShowOfAPausedWorkspace(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	ws := "--workspace=" + a.site.Workspace
	require.Contains(t, a.prints("show", ws), "version 3\n", "nothing is said of a grace that nobody has set")
	_, err := a.site.Olivia.Command(ctx, a.site.Workspace, "PausePublishing", "", map[string]any{})
	require.NoError(t, err)
	_, err = a.site.Olivia.Command(ctx, a.site.Workspace, "PausePublishing", "", map[string]any{"account": a.site.Account})
	require.NoError(t, err)
	shown := a.prints("show", ws)
	require.Contains(t, shown, "version 5, paused\n")
	require.Contains(t, shown, "  account: Acme News on sandbox, paused\n")
	require.Contains(t, a.prints("who-could", ws, "--account="+a.site.Account), "Olivia (owner) could not publish to Acme News: nothing was sent, credential mode owner")
}

// R56: another grace than what workspaces begin with is said, and when it was set.
func TestAuditShowOfAGrace(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	ws := "--workspace=" + a.site.Workspace
	_, err := a.site.Olivia.Command(ctx, a.site.Workspace, "SetGrace", "", map[string]any{"minutes": 30})
	require.NoError(t, err)
	require.Contains(t, a.prints("show", ws), "version 4, grace of 30 minutes\n")
	require.Contains(t, a.prints("log", ws), "grace set: from minutes 15, to minutes 30")
}

// olivia is the Owner's id.
func (a auditor) olivia(ctx context.Context) string {
	a.t.Helper()
	var me struct{ User string }
	require.NoError(a.t, a.site.Olivia.Get(ctx, "/v1/me", &me))
	return me.User
}

// A tool that is interrupted has not answered: it does not end with 0.
func TestAnInterruptedAuditSaysSo(t *testing.T) {
	t.Parallel()
	_, a, _ := openSealed(t)
	key, file := "--key="+strings.TrimSpace(a.prints("key")), filepath.Join(t.TempDir(), "acme.jsonl")
	a.prints("export", "--workspace="+a.site.Workspace, "--out="+file)
	interrupted, stop := context.WithCancel(t.Context())
	stop()
	for _, args := range [][]string{
		{"verify"}, {"verify", key, "--export=" + file}, {"fsck"}, {"export", "--workspace=" + a.site.Workspace, "--out=" + file + ".again"},
		{"log", "--workspace=" + a.site.Workspace}, {"show", "--workspace=" + a.site.Workspace},
	} {
		var out sitetest.Buffer
		code := program.Run(interrupted, append([]string{"audit", "--data=" + a.site.Settings.Data}, args...),
			process.Environment{Out: &out, Err: &out, Lookup: sitetest.Among(a.site.Variables)})
		require.Equal(t, 1, code, "%s: %s", args, out.String())
		require.Contains(t, out.String(), "interrupted", args)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*"))
	require.NoError(t, err)
	require.Equal(t, []string{file}, left)
	a.ends(2, "verify", key, "--export="+file, "--checkpoint="+file)
}

// With --follow the log goes on until it is told to stop.
func TestAuditFollow(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	following, stop := context.WithCancel(ctx)
	var out sitetest.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- program.Run(following, []string{"audit", "log", "--follow", "--workspace=" + a.site.Workspace},
			process.Environment{Out: &out, Err: &out, Lookup: sitetest.Among(a.site.Variables)})
	}()
	shows := func(text string) {
		require.Eventually(t, func() bool { return strings.Contains(out.String(), text) }, sitetest.TestTime, 10*time.Millisecond)
	}
	shows("carl@example.com")
	_, err := a.site.Olivia.Command(ctx, a.site.Workspace, "InviteClient", "", map[string]any{"email": "dora@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false}})
	require.NoError(t, err)
	shows("dora@example.com")
	stop()
	require.Zero(t, <-ended)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	slices.Sort(lines)
	require.Equal(t, slices.Compact(slices.Clone(lines)), lines, "nothing is told twice")
	require.Len(t, lines, 5)
}

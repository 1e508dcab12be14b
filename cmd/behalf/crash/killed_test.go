package crash_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/cmd/behalf/story"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/masterkey"
	"behalf/internal/networks/sandbox/network"
)

const (
	// lockLog keeps everybody from appending.
	lockLog = "lock table log.events in exclusive mode"
	// lockPosts keeps everybody from appending to a post, as an append does.
	lockPosts = `
		select pg_advisory_xact_lock(hashtextextended(stream, 0))
		from (select distinct stream from log.events where stream like 'post-%') as posts`
)

// killedAt lets a worker run until it waits for a lock that the test holds, in
// a statement like this one, and kills it there. What waited is never carried
// out: Postgres would otherwise still do what a dead process has asked for.
func (s scene) killedAt(ctx context.Context, t *testing.T, lock, statement string, flags ...string) {
	t.Helper()
	tx, err := s.Database.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, lock)
	require.NoError(t, err)
	worker := s.Start(t, "work", append([]string{"--claim=5s", "--sweep=" + sitetest.Sweep.String()}, flags...)...)
	waiting := func(do string) (found int) {
		err := s.Database.QueryRow(ctx, `
			select count(`+do+`)
			from pg_stat_activity
			where datname = current_database()
				and wait_event_type = 'Lock'
				and query like $1`, "%"+statement+"%").Scan(&found)
		require.NoError(t, err)
		return found
	}
	require.Eventually(t, func() bool { return waiting("*") > 0 }, sitetest.TestTime, 10*time.Millisecond, "%s", s.Logs)
	worker.End(syscall.SIGKILL)
	require.Eventually(t, func() bool { return waiting("pg_terminate_backend(pid)") == 0 }, sitetest.TestTime, 10*time.Millisecond)
	require.NoError(t, tx.Rollback(ctx))
}

// table is where the rows of a view's table really are.
func (s scene) table(ctx context.Context, t *testing.T, name string) (table string) {
	t.Helper()
	err := s.Database.QueryRow(ctx, `
		select c.oid::regclass::text
		from pg_class as c
		join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname like 'views\_%'
			and c.relname = $1
			and c.relkind = 'r'`, name).Scan(&table)
	require.NoError(t, err)
	return table
}

// withCarl has Carl join in mode member and connect the page.
func (s scene) withCarl(ctx context.Context, t *testing.T) (*story.Visitor, string) {
	t.Helper()
	stage := s.Stage()
	done, err := s.Olivia.Command(ctx, s.Workspace, "InviteClient", "", map[string]any{
		"email": stage.Carl.Email, "access": map[string]bool{"add_accounts": false, "manage_posts": true},
		"assignments": []map[string]string{{"account": s.Account, "credential_mode": "member"}},
	})
	require.NoError(t, err)
	var invited struct{ Invitation domain.InvitationID }
	require.NoError(t, done.Event("workspace.client_invited.v1", &invited))
	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(s.Workspace)))
	key, err := s.MasterKey()
	require.NoError(t, err)
	token := invitation.NewToken(masterkey.Derive(key, process.InvitationLinks), ws,
		invitation.Link{Invitation: invited.Invitation, Generation: 1}).Reveal()
	carl := story.NewVisitor(stage.API, nil)
	id, err := carl.SignUpInvited(ctx, stage.Carl, token)
	require.NoError(t, err)
	_, err = carl.Command(ctx, s.Workspace, "AcceptInvitation", "", map[string]string{"token": token})
	require.NoError(t, err)
	require.NoError(t, s.Sandbox.MakeAdmin(ctx, network.DemoPage, "carl"))
	grant, err := carl.Authorize(ctx, s.Workspace, stage.Carl)
	require.NoError(t, err)
	_, err = carl.Command(ctx, s.Workspace, "ConnectAccount", "", map[string]string{
		"authorization": grant.Authorization, "remote": network.DemoPage, "account": s.Account,
	})
	require.NoError(t, err)
	return carl, id
}

// TestWorkerKilledWhileSettlingADeparture kills the worker before a connection
// of a removed member is destroyed, between its row and the event, and before
// the posts pass: all of it is done in the end, and none of it twice (R61, R62).
func TestWorkerKilledWhileSettlingADeparture(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	carl, id := s.withCarl(ctx, t)
	for i := range 2 {
		_, err := carl.Command(ctx, s.Workspace, "SchedulePost", "", map[string]any{
			"text": fmt.Sprint("whose? ", i), "at": time.Now().Add(time.Hour + time.Duration(2*i)*time.Minute).UTC().Format(time.RFC3339),
			"targets": []map[string]string{{"account": s.Account}},
		})
		require.NoError(t, err)
	}
	_, err := s.Olivia.Command(ctx, s.Workspace, "RemoveMember", "", map[string]string{"member": id})
	require.NoError(t, err)
	const (
		rows   = "select count(*) from vault.connections"
		events = "select count(*) from log.events where type = $1"
	)
	const destroyed, passed = "account.connection_destroyed.v1", "post.passed.v1"
	require.Equal(t, 2, s.Count(ctx, t, rows))
	s.killedAt(ctx, t, "lock table vault.connections in exclusive mode", "delete from vault.connections")
	require.Equal(t, 2, s.Count(ctx, t, rows))
	s.killedAt(ctx, t, lockLog, "from log.append")
	require.Equal(t, 1, s.Count(ctx, t, rows), "the row has gone")
	require.Zero(t, s.Count(ctx, t, events, destroyed), "and nothing says so yet")
	s.killedAt(ctx, t, lockPosts, "from log.append")
	require.Equal(t, 1, s.Count(ctx, t, events, destroyed))
	require.Zero(t, s.Count(ctx, t, events, passed))
	s.Work(t)
	require.Eventually(t, func() bool { return s.Count(ctx, t, events, passed) == 2 }, sitetest.TestTime, 20*time.Millisecond, "%s", s.Logs)
	require.Equal(t, 1, s.Count(ctx, t, events, destroyed))
	require.Equal(t, 1, s.Count(ctx, t, rows))
}

// archiving are the flags of a worker that makes archives.
func (s scene) archiving(t *testing.T) []string {
	t.Helper()
	s.Variables["BEHALF_SEAL_KEY"] = s.Settings.SealKey.Reveal()
	return []string{"--data=" + s.Settings.Data, "--seal-folder=" + s.Settings.SealFolder}
}

// TestWorkerKilledWhileExporting kills the worker while an archive is being
// written, and when it is stored and not offered yet: one archive is offered in
// the end, whole, and its history verifies with the public key alone (R13).
func TestWorkerKilledWhileExporting(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	flags := s.archiving(t)
	_, err := s.Olivia.Command(ctx, s.Workspace, "ExportWorkspace", "", map[string]any{})
	require.NoError(t, err)
	for lock, statement := range map[string]string{
		"lock table " + s.table(ctx, t, "posts") + " in access exclusive mode": "from views.posts",
		lockLog: "from log.append",
	} {
		s.killedAt(ctx, t, lock, statement, flags...)
		require.Zero(t, s.Count(ctx, t, "select count(*) from log.events where type = 'workspace.export_finished.v1'"))
		_, err := s.Database.Exec(ctx, "update workers.exports set taken_until = now() - interval '1 second'")
		require.NoError(t, err)
	}
	s.Start(t, "work", append([]string{"--claim=5s", "--sweep=" + sitetest.Sweep.String()}, flags...)...)
	var listed struct {
		Exports []struct{ ID, State string }
	}
	require.Eventually(t, func() bool {
		require.NoError(t, s.Olivia.Get(ctx, "/v1/workspaces/"+s.Workspace+"/exports", &listed))
		return len(listed.Exports) == 1 && listed.Exports[0].State == "ready"
	}, sitetest.TestTime, 20*time.Millisecond, "%s", s.Logs)
	require.Equal(t, 1, s.Count(ctx, t, "select count(*) from log.events where type = 'workspace.export_finished.v1'"))
	mail, err := s.AwaitMail(ctx, dev.OliviaEmail, "/exports")
	require.NoError(t, err)
	require.Equal(t, "Acme: your archive is ready", mail.Subject)

	history := s.fetched(ctx, t, listed.Exports[0].ID)["history/history.jsonl"]
	require.Contains(t, string(history), "workspace.export_requested.v1")
	file := filepath.Join(t.TempDir(), "history.jsonl")
	require.NoError(t, os.WriteFile(file, history, 0o600))
	public, err := checkpoint.PublicKeys(s.Settings.SealKey.Reveal())
	require.NoError(t, err)
	said := &sitetest.Buffer{}
	env := process.Environment{Lookup: sitetest.Among(nil), Out: said, Err: said}
	require.Zero(t, program.Run(ctx, []string{"audit", "verify", "--export", file, "--key", public[0]}, env), "%s", said)
}

// fetched are the files of an archive, as its Owner gets it.
func (s scene) fetched(ctx context.Context, t *testing.T, export string) map[string][]byte {
	t.Helper()
	archive, err := s.Olivia.FetchExport(ctx, s.Workspace, export)
	require.NoError(t, err)
	content, err := io.ReadAll(archive)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, file := range packed.File {
		opened, err := file.Open()
		require.NoError(t, err)
		files[file.Name], err = io.ReadAll(opened)
		require.NoError(t, err)
	}
	require.NotContains(t, string(files["data/members.json"]), personal.Erased)
	return files
}

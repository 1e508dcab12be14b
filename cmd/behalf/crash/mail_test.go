package crash_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/internal/mail/capture"
)

// What must hold after every crash around sending: a mail goes out, twice at
// most, and then with one Message-ID.

const invitee = "nora@example.com"

// TestWorkerKilledBeforeAMailIsAccepted: the mail server has got all of the
// mail and has not answered when the worker dies. Nothing was accepted: the
// mail goes out once.
func TestWorkerKilledBeforeAMailIsAccepted(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	held, _ := s.Mails.Hold()
	s.invite(ctx, t)
	first := s.Work(t)
	wait(ctx, t, held)
	first.End(syscall.SIGKILL)

	s.claimsPass(ctx, t)
	s.Work(t)
	s.awaitOutcome(ctx, t, "sent")
	require.Len(t, s.invitations(), 1)
}

// TestWorkerKilledAfterAMailIsAccepted: the mail server has accepted, and the
// worker dies before that is recorded. The mail goes out once more, as the
// same one, and then no more.
func TestWorkerKilledAfterAMailIsAccepted(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	held, accept := s.Mails.Hold()
	s.invite(ctx, t)
	first := s.Work(t)
	wait(ctx, t, held)
	release := s.holdRecords(ctx, t)
	accept()
	_, err := s.Mails.Wait(ctx, toInvitee)
	require.NoError(t, err)
	first.End(syscall.SIGKILL)
	release()

	s.claimsPass(ctx, t)
	second := s.Work(t)
	s.awaitOutcome(ctx, t, "sent")
	twice := s.invitations()
	require.Len(t, twice, 2)
	require.Equal(t, twice[0].ID, twice[1].ID)

	second.End(syscall.SIGKILL)
	third := s.Work(t)
	s.invite(ctx, t) // the sweep that sends this one has seen the first
	s.awaitOutcome(ctx, t, "sent", "sent")
	third.End(syscall.SIGTERM)
	require.Len(t, s.invitations(), 3)
}

func toInvitee(m capture.Message) bool { return len(m.To) == 1 && m.To[0] == invitee }

func (s scene) invitations() (found []capture.Message) {
	for _, m := range s.Mails.Messages() {
		if toInvitee(m) {
			found = append(found, m)
		}
	}
	return found
}

func (s scene) invite(ctx context.Context, t *testing.T) {
	t.Helper()
	_, err := s.Olivia.Command(ctx, s.Workspace, "InviteClient", "", map[string]any{
		"email": invitee, "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	})
	require.NoError(t, err)
}

// holdRecords keeps everybody from recording anything about mails, until the
// test lets go. What waited until then is never recorded: Postgres would
// otherwise still do what a dead process has asked for.
func (s scene) holdRecords(ctx context.Context, t *testing.T) (release func()) {
	t.Helper()
	tx, err := s.Database.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "lock table workers.mails in exclusive mode")
	require.NoError(t, err)
	return func() {
		require.Eventually(t, func() bool {
			var waiting int
			err := s.Database.QueryRow(ctx, `
				select count(pg_terminate_backend(pid))
				from pg_stat_activity
				where datname = current_database()
					and wait_event_type = 'Lock'
					and query like '%workers.mails%'`).Scan(&waiting)
			return err == nil && waiting == 0
		}, sitetest.TestTime, 10*time.Millisecond)
		require.NoError(t, tx.Rollback(ctx))
	}
}

// claimsPass lets the time pass that a dead worker's claim would last.
func (s scene) claimsPass(ctx context.Context, t *testing.T) {
	t.Helper()
	_, err := s.Database.Exec(ctx, "update workers.mails set not_before = now() - interval '1 minute' where ended_at is null")
	require.NoError(t, err)
}

// awaitOutcome waits until the mails of invitations have ended, and expects
// how: those that were replaced before they were sent aside.
func (s scene) awaitOutcome(ctx context.Context, t *testing.T, want ...string) {
	t.Helper()
	var ended []string
	all := sitetest.Until(ctx, 20*time.Millisecond, func() bool {
		rows, err := s.Database.Query(ctx, "select coalesce(outcome, '') from workers.mails where kind = 'invitation' order by noted_at")
		require.NoError(t, err)
		ended, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return len(ended) == len(want) && ended[len(ended)-1] != ""
	})
	require.True(t, all, "the mails end as %v, not %v\n%s", ended, want, s.Logs)
	require.Equal(t, want, ended)
}

func wait(ctx context.Context, t *testing.T, happened <-chan struct{}) {
	t.Helper()
	select {
	case <-happened:
	case <-ctx.Done():
		t.Fatal("no mail arrives")
	}
}

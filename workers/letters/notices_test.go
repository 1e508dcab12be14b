package letters_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/pausing"
	"behalf/eventstore"
	"behalf/internal/mail/capture"
	"behalf/workers/workerstest"
)

// newly runs workers whose digests wait for each other as long as the test says.
func newly(w *workerstest.World, apart time.Duration) {
	times := workerstest.Times
	times.Sweep, times.Digests = 200*time.Millisecond, apart
	w.WorkWith(w.Deps(), times)
}

func toCarl(m capture.Message) bool   { return len(m.To) == 1 && m.To[0] == workerstest.CarlEmail }
func toOlivia(m capture.Message) bool { return len(m.To) == 1 && m.To[0] == workerstest.OliviaEmail }

// Collaboration is gathered: one mail now, and everything after it in one more
// when the time between two has passed.
func TestGathered(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	newly(w, 4*time.Second)
	member := &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode}
	owner := &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.OwnerMode}
	w.As(w.Olivia, member)
	first, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Equal(t, "Acme: your access has changed", first.Subject)
	require.NotEmpty(t, first.Header.Get("List-Unsubscribe"))

	w.As(w.Olivia, owner)
	w.As(w.Olivia, member)
	w.As(w.Olivia, owner)
	second, err := w.Inbox.Wait(w.Ctx, func(m capture.Message) bool { return toCarl(m) && m.ID != first.ID })
	require.NoError(t, err)
	require.Equal(t, "Acme: 3 changes that concern you", second.Subject)
	require.GreaterOrEqual(t, second.At.Sub(first.At), 4*time.Second)
	require.Len(t, w.Inbox.Messages(), 2)
	require.NotContains(t, w.Dump(), workerstest.CarlEmail, "queues and tables hold ids")
}

// What protects the account is told at once, however short ago the last mail
// was, and to the address that it had when it happened.
func TestSecurityIsNeverGathered(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	newly(w, time.Hour)
	for range 2 {
		w.Append(user.Stream(w.Carl), user.PasswordChanged{})
	}
	w.Append(user.Stream(w.Carl), user.TwoFactorEnabled{})
	for want := 1; want <= 3; want++ {
		_, err := w.Inbox.Wait(w.Ctx, func(m capture.Message) bool { return m.Number == want })
		require.NoError(t, err)
	}
	for _, m := range w.Inbox.Messages() {
		require.True(t, toCarl(m))
		require.Empty(t, m.Header.Get("List-Unsubscribe"))
	}
}

// R61, R64: who was removed is told, and of what they had before no more; the
// Owner is told which posts are theirs now.
func TestRemoved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Schedule(w.Carl, "Open on Sunday", time.Now().Add(time.Hour))
	newly(w, time.Hour)
	w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account, ApprovesPosts: true})
	w.Append(workspace.Stream(w.Workspace), workspace.MemberRemoved{Member: w.Carl, Posts: []domain.PostID{id}})
	toOwner, err := w.Inbox.Wait(w.Ctx, toOlivia)
	require.NoError(t, err)
	require.Contains(t, toOwner.Text, "Their posts are yours now: one post.")
	require.Contains(t, toOwner.Text, "• Open on Sunday")
	told, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Contains(t, told.Text, "You are no longer a member of “Acme”.")
}

// Whoever had an account that was removed is told, by the name that it had.
func TestAccountRemoved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	newly(w, time.Hour)
	w.As(w.Olivia, &assignment.RemoveAccount{Account: w.Account})
	told, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Contains(t, told.Text, "The account “Acme News” in “Acme” is not assigned to you any more.")
}

// R13: who was a member is told that the workspace was deleted, although
// everything else that was to be said about it goes with it.
func TestDeleted(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	newly(w, time.Hour)
	w.Append(workspace.Stream(w.Workspace), workspace.Deleted{})
	for _, to := range []func(capture.Message) bool{toOlivia, toCarl} {
		told, err := w.Inbox.Wait(w.Ctx, to)
		require.NoError(t, err)
		require.Equal(t, "Acme was deleted", told.Subject)
		require.Contains(t, told.Text, "can be read by nobody any more")
		require.Empty(t, told.Header.Get("List-Unsubscribe"))
	}
}

// R13, R68: what concerns the workspace is mailed to everybody but who did it, if
// it is still so; what nobody may miss has no way to switch it off.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	_, err := w.Pool.Exec(w.Ctx, "insert into workers.digests (person, made_at) values ($1, now())", [16]byte(w.Carl))
	require.NoError(t, err) // until everything is gathered, none is made
	newly(w, time.Hour)
	w.As(w.Olivia, &pausing.PausePublishing{})
	w.As(w.Olivia, &pausing.ResumePublishing{})
	w.As(w.Olivia, &pausing.PausePublishing{Account: w.Account})
	w.As(w.Olivia, &workspace.RenameWorkspace{Name: "Apex"})
	w.As(w.Olivia, &closing.DeleteWorkspace{})
	require.Eventually(t, func() bool {
		var gathered int
		err := w.Pool.QueryRow(w.Ctx, "select count(*) from workers.gathered where person = $1", [16]byte(w.Carl)).Scan(&gathered)
		return err == nil && gathered == 5
	}, time.Minute, 10*time.Millisecond)
	_, err = w.Pool.Exec(w.Ctx, "update workers.digests set made_at = now() - interval '2 hours'")
	require.NoError(t, err)
	told, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Contains(t, told.Text, "“Acme” is called “Apex” now.")
	require.Contains(t, told.Text, "Publishing to “Acme News” in “Apex” is paused.")
	require.Contains(t, told.Text, "“Apex” will be deleted on ")
	require.NotContains(t, told.Text, "Publishing in “Apex” is paused.")
	require.Len(t, w.Inbox.Messages(), 1)
}

// R22, R23: resending mails the new link; the old one is not mailed any more.
func TestResent(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1, capture.Temporarily)
	w.Work()
	event, invited := invite(w)
	w.AwaitTries(event.ID, 1)
	resent := w.As(w.Olivia, &invitation.ResendInvitation{Invitation: invited.Invitation})[0]
	w.AwaitMail(event.ID, "obsolete")
	w.AwaitMail(resent.ID, "sent")
	got := w.Inbox.Messages()
	require.Len(t, got, 1)
	link := token.FindStringSubmatch(got[0].Text)
	require.NotNil(t, link)
	_, proven, genuine := invitation.Token(link[1]).Prove(w.Key)
	require.True(t, genuine)
	require.Equal(t, 2, proven.Generation)
}

// The link that verifies an address is derived for the mail; one that is not
// needed any more is not mailed.
func TestVerification(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	nora := domain.UserID(eventstore.Fresh())
	w.As(nora, &user.Register{Email: newcomer, Name: "Nora"})
	got, err := w.Inbox.Wait(w.Ctx, toNewcomer)
	require.NoError(t, err)
	require.Equal(t, "Confirm your address", got.Subject)
	require.Contains(t, got.Text, workerstest.PublicURL+"/v1/links/")
}

// Who switches a kind off gets no more mails of it, what was gathered already
// included.
func TestUnwanted(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	_, err := w.Pool.Exec(w.Ctx, `
		set role behalf_owner;
		insert into notices.preferences (person, kind, channel, wanted)
		values ('`+w.Carl.String()[len("usr_"):]+`', 'access_changed', 'email', false);
		set role behalf_engine`)
	require.NoError(t, err)
	newly(w, time.Hour)
	w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account, ApprovesPosts: true})
	w.AwaitDigest(w.Carl, "unwanted")
	require.Empty(t, w.Inbox.Messages())
}

// A reminder goes out once, with the link that the invitation has, when it is
// about to expire.
func TestReminder(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	event, invited := invite(w)
	deps := w.Deps()
	deps.Now = func() time.Time { return invited.ExpiresAt.Add(-24 * time.Hour) }
	times := workerstest.Times
	times.Sweep = 100 * time.Millisecond
	w.WorkWith(deps, times)
	got, err := w.Inbox.Wait(w.Ctx, func(m capture.Message) bool { return m.Subject == "Your invitation to Acme is about to expire" })
	require.NoError(t, err)
	require.Equal(t, []string{newcomer}, got.To)
	require.NotEmpty(t, got.Header.Get("List-Unsubscribe"))
	w.AwaitKind(event.ID, "reminder", "sent")
	w.AwaitKind(event.ID, "invitation", "sent")
	require.Len(t, w.Inbox.Messages(), 2)
}

// R66: what waits for a person goes with them, in the moment in which their key does.
func TestErasedWithTheirMails(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1000, capture.Temporarily)
	newly(w, time.Hour)
	w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account, ApprovesPosts: true})
	w.AwaitKept(w.Carl, true)
	w.AsSystem(&user.EraseUser{Person: w.Carl})
	require.NoError(t, w.Erase(w.Ctx))
	w.AwaitKept(w.Carl, false)
}

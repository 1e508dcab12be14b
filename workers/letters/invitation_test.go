package letters_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/internal/mail/capture"
	"behalf/workers/workerstest"
)

const newcomer = "nora@example.com"

func toNewcomer(m capture.Message) bool { return len(m.To) == 1 && m.To[0] == newcomer }

var token = regexp.MustCompile(`https://behalf\.example/v1/invitations/([A-Za-z0-9_-]+)`)

func invite(w *workerstest.World) (eventstore.Recorded, workspace.ClientInvited) {
	w.Helper()
	happened := w.As(w.Olivia, &invitation.InviteClient{Email: newcomer, Person: eventstore.Fresh()})
	invited, ok := happened[0].Event.(workspace.ClientInvited)
	require.True(w, ok)
	return happened[0], invited
}

// R20, R23: the mail names the workspace and who invites, and its link is the one that works.
func TestInvitation(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	event, invited := invite(w)
	got, err := w.Inbox.Wait(w.Ctx, toNewcomer)
	require.NoError(t, err)
	require.Contains(t, got.Text, "Acme")
	require.Contains(t, got.Text, "Olivia")
	require.Equal(t, w.MessageID(event.ID), got.ID)

	link := token.FindStringSubmatch(got.Text)
	require.NotNil(t, link)
	ws, proven, genuine := invitation.Token(link[1]).Prove(w.Key)
	require.True(t, genuine)
	require.Equal(t, w.Workspace, ws)
	require.Equal(t, invitation.Link{Invitation: invited.Invitation, Generation: 1}, proven)
	w.AwaitMail(event.ID, "sent")
}

// The token is derived for the mail and stored nowhere: not in the log, not in
// the workers' tables, not in Redis while its task waits there.
func TestTokenIsStoredNowhere(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1, capture.Temporarily)
	w.Work()
	event, _ := invite(w)
	w.AwaitTries(event.ID, 1)
	waiting := w.Dump()
	require.Contains(t, waiting, event.ID.String(), "the task must be in the dump")
	got, err := w.Inbox.Wait(w.Ctx, toNewcomer)
	require.NoError(t, err)
	link := token.FindStringSubmatch(got.Text)
	require.NotNil(t, link)
	w.AwaitMail(event.ID, "sent")
	require.NotContains(t, waiting+w.Dump(), link[1])
}

// A mail server that says "later" gets the same mail again, by its Message-ID.
func TestRefusedForNow(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(2, capture.Temporarily)
	w.Work()
	event, _ := invite(w)
	got, err := w.Inbox.Wait(w.Ctx, toNewcomer)
	require.NoError(t, err)
	require.Equal(t, w.MessageID(event.ID), got.ID)
	w.AwaitMail(event.ID, "sent")
	require.Equal(t, 3, w.MailTries(event.ID))
	require.Len(t, w.Inbox.Messages(), 1)
}

// What the server refuses for good is recorded, with its code, and not tried again.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1, capture.Permanently)
	w.Work()
	event, _ := invite(w)
	w.AwaitMail(event.ID, "undeliverable")
	require.Equal(t, 1, w.MailTries(event.ID))
	require.Empty(t, w.Inbox.Messages())
}

// R24: what was replaced before its mail went out is not mailed any more.
func TestSupersededIsNotSent(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1, capture.Temporarily)
	w.Work()
	nora := user.Email(newcomer)
	person := eventstore.Fresh()
	first := w.As(w.Olivia, &invitation.InviteClient{Email: nora, Person: person})[0]
	w.AwaitTries(first.ID, 1)
	happened := w.As(w.Olivia, &invitation.InviteClient{Email: nora, Person: person})
	second := happened[len(happened)-1]
	w.AwaitMail(first.ID, "obsolete")
	w.AwaitMail(second.ID, "sent")
	require.Len(t, w.Inbox.Messages(), 1)
	require.Equal(t, w.MessageID(second.ID), w.Inbox.Messages()[0].ID)
}

// An invitation that has expired by the time is not mailed.
func TestExpiredIsNotSent(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	deps := w.Deps()
	deps.Now = func() time.Time { return time.Now().Add(invitation.Life + time.Minute) }
	w.WorkWith(deps, workerstest.Times)
	event, _ := invite(w)
	w.AwaitMail(event.ID, "obsolete")
	require.Empty(t, w.Inbox.Messages())
}

// R13: nobody is asked into a workspace that was closed before the mail went out.
func TestIntoAClosedWorkspaceIsNotSent(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Inbox.RefuseNext(1, capture.Temporarily)
	w.Work()
	event, _ := invite(w)
	w.AwaitTries(event.ID, 1)
	w.As(w.Olivia, &closing.CloseWorkspace{})
	w.AwaitMail(event.ID, "obsolete")
	for _, message := range w.Inbox.Messages() {
		require.NotContains(t, message.To, newcomer)
	}
}

package letters_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/internal/mail/capture"
	"behalf/workers/workerstest"
)

// R35, R44: in mode owner, the Owner alone is asked.
func TestOwnerIsAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	event := w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "invalid_grant", Detail: "It has ended.",
	})[0]
	w.AwaitMail(event.ID, "sent")
	got := w.Inbox.Messages()
	require.Len(t, got, 1)
	require.Equal(t, []string{workerstest.OliviaEmail}, got[0].To)
	require.Contains(t, got[0].Text, "Only you can mend it")
	require.Contains(t, got[0].Text, "because you are the Owner")
	require.Contains(t, got[0].Text, workerstest.PublicURL+"/v1/workspaces/"+w.Workspace.String()+"/accounts/"+w.Account.String())
}

// R38, R44: in mode member, the member alone is asked.
func TestMemberIsAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Work()
	event := w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Carl, Code: "no_connection", Detail: "Not connected yet.",
	})[0]
	w.AwaitMail(event.ID, "sent")
	got := w.Inbox.Messages()
	require.Len(t, got, 1)
	require.Equal(t, []string{workerstest.CarlEmail}, got[0].To)
	require.Contains(t, got[0].Text, "you do not need the Owner for that")
}

// Who connects again before the mail goes out is not asked any more.
func TestMendedIsNotAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Inbox.RefuseNext(1, capture.Temporarily)
	w.Work()
	event := w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Carl, Code: "no_connection", Detail: "Not connected yet.",
	})[0]
	w.AwaitTries(event.ID, 1)
	w.Connect(w.Carl)
	w.AwaitMail(event.ID, "obsolete")
	require.Empty(t, w.Inbox.Messages())
}

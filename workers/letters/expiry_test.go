package letters_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/membership"
	"behalf/internal/mail/capture"
	"behalf/workers/workerstest"
)

// runsOut announces that Carl's connection runs out.
func runsOut(w *workerstest.World) domain.EventID {
	w.Helper()
	return w.AsSystem(&account.AnnounceExpiry{
		Account: w.Account, Holder: w.Carl, Connection: w.ConnectionOf(w.Carl), Expires: time.Date(2031, 5, 6, 0, 0, 0, 0, time.UTC),
	})[0].ID
}

// R44: the holder alone is told that their connection runs out, of which account
// and where, and the button leads to it.
func TestHolderIsToldThatItRunsOut(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	w.Work()
	w.AwaitMail(runsOut(w), "sent")
	got := w.Inbox.Messages()
	require.Len(t, got, 1)
	require.Equal(t, []string{workerstest.CarlEmail}, got[0].To)
	require.Equal(t, "Acme: your connection to Acme News runs out", got[0].Subject)
	require.Contains(t, got[0].Text, "Your connection to the account “Acme News” in “Acme” runs out on")
	require.Contains(t, got[0].Text, workerstest.PublicURL+"/v1/workspaces/"+w.Workspace.String()+"/accounts/"+w.Account.String())
	require.Empty(t, got[0].Header.Get("List-Unsubscribe"))
}

// R64: what happens before a mail goes out that was put off, and leaves nothing
// to be said: a connection that runs out, and one that needs to be mended.
func TestNotToldAnyMore(t *testing.T) {
	t.Parallel()
	meanwhile := map[string]func(w *workerstest.World){
		"connected": func(w *workerstest.World) { w.Connect(w.Carl) },
		"removed":   func(w *workerstest.World) { w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl}) },
		"unused": func(w *workerstest.World) {
			w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.OwnerMode})
		},
		"closed": func(w *workerstest.World) { w.As(w.Olivia, &closing.CloseWorkspace{}) },
	}
	told := map[string]func(w *workerstest.World) domain.EventID{
		"runs out": runsOut,
		"asked": func(w *workerstest.World) domain.EventID {
			return w.AsSystem(&account.RecordReauthenticationNeeded{
				Account: w.Account, Holder: w.Carl, Connection: w.ConnectionOf(w.Carl), Code: "invalid_grant", Detail: "It has ended.",
			})[0].ID
		},
	}
	for name, happens := range meanwhile {
		for about, tell := range told {
			t.Run(about+", "+name, func(t *testing.T) {
				t.Parallel()
				w := workerstest.New(t, workspace.MemberMode)
				w.Connect(w.Carl)
				w.Inbox.RefuseNext(1, capture.Temporarily)
				w.Work()
				event := tell(w)
				w.AwaitTries(event, 1)
				happens(w)
				w.AwaitMail(event, "obsolete")
				for _, m := range w.Inbox.Messages() {
					require.NotContains(t, m.Subject, "connect") // of other things, they are told
				}
			})
		}
	}
}

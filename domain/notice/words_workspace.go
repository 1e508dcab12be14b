package notice

import (
	"fmt"
	"time"
)

// ofWorkspace says what became of a workspace itself.
func (n Notice) ofWorkspace(names Names, ws string) Words {
	called := bare(names.Workspace, "A workspace")
	w := Words{Subject: called + " has changed", Text: fmt.Sprintf("Something has changed in %s.", ws), Button: "See the workspace"}
	if n.Kind == ExportReady {
		return Words{
			Subject: called + ": your archive is ready",
			Text:    fmt.Sprintf("The archive of everything in %s is ready. You can fetch it until %s.", ws, moment(n.Details.Until)),
			Advice:  "It holds what the members wrote, and their addresses: keep it where nobody else can read it.", Button: "Fetch the archive",
		}
	}
	if n.Kind == WorkspaceDeleted {
		return Words{
			Subject: called + " was deleted", Text: fmt.Sprintf("%s was deleted.", capital(ws)),
			Advice: "What was written there can be read by nobody any more, and your connections there were destroyed.", Button: "See your workspaces",
		}
	}
	at := "in " + ws
	if !n.Account.IsZero() {
		at = "to " + quoted(names.Account, "an account") + " in " + ws
	}
	switch n.Details.Change {
	case Renaming:
		w.Subject = called + " has a new name"
		w.Text = fmt.Sprintf("%s is called %s now.", capital(quoted(n.Details.Name, "a workspace")), ws)
	case Pausing:
		w.Subject = called + ": publishing is paused"
		w.Text = fmt.Sprintf("Publishing %s is paused.", at)
		w.Advice = "Nothing is sent until it goes on. What falls due meanwhile is missed; somebody may publish it afterwards."
	case Resuming:
		w.Subject = called + ": publishing goes on"
		w.Text = fmt.Sprintf("Publishing %s goes on.", at)
		w.Advice = "What was missed meanwhile stays so until somebody publishes it."
	case Closing:
		w.Subject = called + " is closed"
		w.Text = fmt.Sprintf("%s is closed.", capital(ws))
		w.Advice = "Nothing is published there any more, and nothing can be changed. It can still be read."
	case Deleting:
		w.Subject = called + " will be deleted"
		w.Text = fmt.Sprintf("%s will be deleted on %s.", capital(ws), moment(n.Details.Until))
		w.Advice = "Until then it is closed, and the Owner can still keep it. Afterwards nobody can read any of it."
	case Remaining:
		w.Subject = called + " will not be deleted"
		w.Text = fmt.Sprintf("%s will not be deleted after all.", capital(ws))
	}
	return w
}

func moment(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006, 15:04 UTC") }

package mail

import (
	"fmt"
	"time"

	"behalf/domain/notice"
	"behalf/domain/workspace"
)

// Invitation is the mail that offers membership (R20, R22).
type Invitation struct {
	Workspace string // its name
	Inviter   string // name of who invites
	Role      string // "admin", "editor" or "client"
	Link      Link   // works once (R23)
	Expires   time.Time

	// Reminder makes it the mail that is sent when the invitation is about to
	// expire. Unsubscribe ends reminders, and is for them alone.
	Reminder    bool
	Unsubscribe Link
}

// Message writes the mail. The error never repeats the address or the link.
func (i Invitation) Message(id, to string) (Message, error) {
	workspaceName, inviter := line(i.Workspace), line(i.Inviter)
	as := notice.WithArticle(workspace.Role(line(i.Role)))
	l := letter{
		Subject:  fmt.Sprintf("%s invites you to %s", inviter, workspaceName),
		Greeting: "Hello,",
		Paragraphs: []string{
			fmt.Sprintf("%s invites you to join the workspace “%s” as %s.", inviter, workspaceName, as),
		},
		Button: "See the invitation",
		Link:   i.Link,
		After: []string{
			fmt.Sprintf("You become a member when you accept. The link works once, for this e-mail address only, until %s.", moment(i.Expires)),
			"If you do not know what this is about, do nothing: the invitation then expires by itself.",
		},
		Reason: fmt.Sprintf("You get this mail because %s entered your address in an invitation.", inviter),
	}
	if i.Reminder {
		l.Subject = "Your invitation to " + workspaceName + " is about to expire"
		l.Paragraphs = []string{fmt.Sprintf(
			"%s has invited you to join the workspace “%s” as %s. The invitation expires on %s.", inviter, workspaceName, as, moment(i.Expires))}
		l.Unsubscribe = i.Unsubscribe
	}
	return l.message(id, to)
}

func moment(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006, 15:04 UTC") }

package mail

import (
	"fmt"
	"time"
)

// Invitation is the mail that offers membership (R20, R22).
type Invitation struct {
	Workspace string // its name
	Inviter   string // name of who invites
	Role      string // "admin", "editor" or "client"
	Link      Link   // works once (R23)
	Expires   time.Time
}

// Message writes the mail. The error never repeats the address or the link.
func (i Invitation) Message(id, to string) (Message, error) {
	workspace, inviter := line(i.Workspace), line(i.Inviter)
	return letter{
		Subject:  fmt.Sprintf("%s invites you to %s", inviter, workspace),
		Greeting: "Hello,",
		Paragraphs: []string{
			fmt.Sprintf("%s invites you to join the workspace “%s” as %s.", inviter, workspace, roleWithArticle(line(i.Role))),
		},
		Button: "See the invitation",
		Link:   i.Link,
		After: []string{
			fmt.Sprintf("You become a member when you accept. The link works once, for this e-mail address only, until %s.", moment(i.Expires)),
			"If you do not know what this is about, do nothing: the invitation then expires by itself.",
		},
		Reason: fmt.Sprintf("You get this mail because %s entered your address in an invitation.", inviter),
	}.message(id, to)
}

func roleWithArticle(role string) string {
	switch role {
	case "owner", "admin", "editor":
		return "an " + role
	}
	return "a " + role
}

func moment(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006, 15:04 UTC") }

package mail

import "fmt"

// Asked says who is asked to mend a connection. It is always one person (R44).
type Asked string

// The two whom a mail can ask.
const (
	AskedOwner  Asked = "owner"  // mode owner: only the Owner can (R35)
	AskedMember Asked = "member" // mode member: the member alone, without the Owner (R38)
)

// Reauthentication is the mail that asks for a connection to be mended, once
// per outage (R44).
type Reauthentication struct {
	Asked     Asked
	Workspace string // its name
	Account   string // name of the social account
	Network   string // its name for people: "Mastodon"
	First     bool   // there never was a connection: it is to be made, not renewed
	Again     bool   // a reminder: they were asked before
	Link      Link   // where to mend it
}

// Message writes the mail. The error never repeats the address or the link.
func (r Reauthentication) Message(id, to string) (Message, error) {
	account := fmt.Sprintf("“%s” (%s)", line(r.Account), line(r.Network))
	workspace := line(r.Workspace)
	again, needs, what := "Reconnect", "needs to be connected again", "your connection does not work any more"
	if r.First {
		again, needs, what = "Connect", "needs to be connected", "there is no connection of yours yet"
	}
	if r.Again {
		needs = "still " + needs
	}
	l := letter{
		Subject:  fmt.Sprintf("%s: %s %s", workspace, line(r.Account), needs),
		Greeting: "Hello,",
		Button:   again + " " + line(r.Account),
		Link:     r.Link,
		After: []string{
			"Until then nothing is sent through this connection. Posts that are due later go on by themselves; " +
				"posts whose time has passed wait until somebody publishes them.",
		},
	}
	switch r.Asked {
	case AskedOwner:
		l.Paragraphs = []string{
			fmt.Sprintf("The account %s in the workspace “%s” %s: %s.", account, workspace, needs, what),
			"Posts there go out through your connection, the Owner's, also those of members who publish with it. " +
				"Only you can mend it; the members have been told to ask you.",
		}
		l.Reason = fmt.Sprintf("You get this mail because you are the Owner of “%s”. Nobody else was asked.", workspace)
	case AskedMember:
		l.Paragraphs = []string{
			fmt.Sprintf("The account %s in the workspace “%s” %s: %s.", account, workspace, needs, what),
			"Your posts there go out through your own connection. Only you can mend it, and you do not need the Owner for that.",
		}
		l.Reason = fmt.Sprintf("You get this mail because you publish to this account in “%s” with your own connection. Nobody else was asked.", workspace)
	default:
		return Message{}, fmt.Errorf("unknown person to ask: %q", string(r.Asked))
	}
	return l.message(id, to)
}

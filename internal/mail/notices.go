package mail

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"behalf/domain"
	"behalf/domain/notice"
)

// Told is one thing that a mail tells its person.
type Told struct {
	Notice notice.Notice
	Names  notice.Names // as they are now

	Workspace domain.WorkspaceID // where; zero for what concerns the person's own account
	At        time.Time          // when it happened
	Listed    []string           // what it is about in detail, one a line: titles of posts
	Quoted    string             // what somebody wrote, line by line: a note, or a whole post; its first line where things are gathered
	Place     string             // an address on the network, where something is to be done by hand
}

// Notices is the mail that tells one thing, or several that were gathered.
type Notices struct {
	Told        []Told // the oldest first
	Link        Link   // where the button leads
	Unsubscribe Link   // none for what nobody can switch off
}

// MostListed is how much of a list a mail shows.
const MostListed = 20

var errNothingTold = errors.New("a mail that tells nothing")

// Message writes the mail. The error never repeats the address or the link.
func (n Notices) Message(id, to string) (Message, error) {
	switch len(n.Told) {
	case 0:
		return Message{}, errNothingTold
	case 1:
		return n.single().message(id, to)
	}
	return n.gathered().message(id, to)
}

func (n Notices) single() letter {
	told := n.Told[0]
	words := told.words()
	l := letter{
		Subject: words.Subject, Greeting: "Hello,", Paragraphs: []string{words.Text},
		Button: words.Button, Link: n.Link, Unsubscribe: n.Unsubscribe, Reason: told.reason(),
	}
	if told.Notice.Kind.Class() == notice.Security {
		l.Paragraphs = append(l.Paragraphs, "It happened on "+moment(told.At)+".")
	}
	l.Paragraphs = append(l.Paragraphs, told.listed()...)
	if told.Place != "" {
		l.Paragraphs = append(l.Paragraphs, "Publish it here: "+line(told.Place))
	}
	l.Quoted = quote(told.Quoted)
	if words.Advice != "" {
		l.After = []string{words.Advice}
	}
	return l
}

func (n Notices) gathered() letter {
	workspace, several := line(n.Told[0].Names.Workspace), false
	l := letter{
		Greeting: "Hello,", Paragraphs: []string{"This is new for you:"},
		Button: "See what is new", Link: n.Link, Unsubscribe: n.Unsubscribe,
	}
	for _, told := range n.Told {
		several = several || line(told.Names.Workspace) != workspace
		l.Paragraphs = append(l.Paragraphs, told.words().Text)
		l.Paragraphs = append(l.Paragraphs, told.listed()...)
		if first, _, _ := strings.Cut(told.Quoted, "\n"); line(first) != "" {
			l.Paragraphs = append(l.Paragraphs, "“"+line(first)+"”")
		}
	}
	l.Subject = fmt.Sprintf("%s: %d changes that concern you", workspace, len(n.Told))
	l.Reason = n.Told[0].reason()
	if several || workspace == "" {
		l.Subject = fmt.Sprintf("%d changes that concern you", len(n.Told))
		l.Reason = "You get this mail because something has changed in workspaces that you belong to, or did."
	}
	return l
}

// words says the notice with names that are safe in a mail.
func (t Told) words() notice.Words {
	return t.Notice.Words(notice.Names{
		Workspace: line(t.Names.Workspace), Account: line(t.Names.Account), Network: line(t.Names.Network),
	})
}

func (t Told) listed() (lines []string) {
	for i, one := range t.Listed {
		if i == MostListed {
			return append(lines, fmt.Sprintf("… and %d more.", len(t.Listed)-MostListed))
		}
		lines = append(lines, "• "+line(one))
	}
	return lines
}

func (t Told) reason() string {
	workspace := line(t.Names.Workspace)
	switch class := t.Notice.Kind.Class(); {
	case class == notice.Security && workspace == "":
		return "You get this mail because it concerns the safety of your account. Such mails cannot be switched off."
	case class == notice.Security:
		return fmt.Sprintf("You get this mail because you are a member of “%s”. Such mails cannot be switched off.", workspace)
	case class == notice.Request:
		return fmt.Sprintf("You get this mail because something in “%s” waits for you.", workspace)
	case strings.TrimSpace(workspace) == "":
		return "You get this mail because something has changed in a workspace that you belong to, or did."
	}
	return fmt.Sprintf("You get this mail because something has changed in “%s” that concerns you.", workspace)
}

package mail

import (
	"bytes"
	"embed"
	"fmt"
	html "html/template"
	text "text/template"
)

//go:embed templates
var files embed.FS

var (
	textLayout = text.Must(text.ParseFS(files, "templates/layout.txt"))
	htmlLayout = html.Must(html.ParseFS(files, "templates/layout.html"))
)

// letter is what every mail of ours consists of. All strings are plain text.
type letter struct {
	Subject    string
	Greeting   string
	Paragraphs []string // before the button
	Quoted     []string // lines of what somebody wrote, below them
	Button     string
	Link       Link
	After      []string // after the button
	Reason     string   // why this address got the mail

	Unsubscribe Link // ends mails of this kind; none for those that nobody can do without
}

// message writes the letter as text and as HTML.
func (l letter) message(id, to string) (Message, error) {
	if l.Link.Reveal() == "" {
		return Message{}, errLink
	}
	var plain, rich bytes.Buffer
	if err := textLayout.Execute(&plain, l); err != nil {
		return Message{}, fmt.Errorf("write mail as text: %w", err)
	}
	if err := htmlLayout.Execute(&rich, l); err != nil {
		return Message{}, fmt.Errorf("write mail as html: %w", err)
	}
	m := Message{ID: id, To: to, Subject: l.Subject, Text: plain.String(), HTML: rich.String(), Unsubscribe: l.Unsubscribe}
	return m, m.check()
}

package mail

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// What makes a message unsendable. The texts repeat nothing of the message.
var (
	ErrMessageID = errors.New("malformed message id")
	ErrRecipient = errors.New("malformed recipient address")
)

// Message is a mail, ready to be sent. What it says may let people in and who
// it goes to is personal: of all that, it prints and logs its id alone.
type Message struct {
	ID      string // Message-ID without brackets, "local@domain"; a repeated sending carries the same one
	To      string // bare address, "carl@example.com"
	Subject string
	Text    string
	HTML    string

	// Unsubscribe ends mails of this kind without a question (RFC 8058). None
	// for mails that nobody can do without.
	Unsubscribe Link
}

// idForm is RFC 5322's msg-id without its rarities.
var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}@[A-Za-z0-9][A-Za-z0-9.-]{0,119}$`)

func (m Message) check() error {
	if !idForm.MatchString(m.ID) {
		return ErrMessageID
	}
	address, err := netmail.ParseAddress(m.To)
	if err != nil || address.Name != "" || address.Address != m.To {
		return ErrRecipient
	}
	return nil
}

func (m Message) String() string { return "mail " + m.ID }

// Format prints the id under every verb.
func (m Message) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// LogValue logs the id alone.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.String()) }

// MarshalJSON always fails.
func (Message) MarshalJSON() ([]byte, error) {
	return nil, errors.New("a mail cannot be marshalled")
}

const maxLine = 120 // characters of a name that somebody chose

// quote is what somebody wrote, line by line, without what cannot be seen.
func quote(written string) []string {
	written = strings.TrimSpace(strings.ReplaceAll(written, "\r\n", "\n"))
	if written == "" {
		return nil
	}
	lines := strings.Split(written, "\n")
	for i, one := range lines {
		lines[i] = strings.TrimRight(strings.Map(visible, one), " ")
	}
	return lines
}

// visible drops control and invisible formatting characters; those that break
// lines become spaces.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d', r == unicode.ReplacementChar:
		return -1
	}
	return r
}

// line makes what a person typed fit into one line of a mail: no line breaks,
// control or invisible formatting characters (header injection, text that
// reads backwards), no endless names.
func line(typed string) string {
	runes := []rune(strings.Join(strings.Fields(strings.Map(visible, typed)), " "))
	if len(runes) > maxLine {
		runes = append(runes[:maxLine-1], '…')
	}
	return string(runes)
}

const redacted = "[redacted]"

var (
	errLink       = errors.New("a link in a mail is an absolute http or https address")
	errLinkLeaves = errors.New("a link cannot be marshalled")
)

// Link is an address that lets in whoever has it, such as an invitation's. It
// prints and logs as "[redacted]" and refuses to be marshalled; only a mail
// spells it out. The zero Link is refused when a mail is written.
type Link struct{ reveal func() string }

// NewLink takes an absolute http or https address. The error does not repeat it.
func NewLink(address string) (Link, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return Link{}, errLink
	}
	written := parsed.String() // escapes what does not belong into an address
	return Link{reveal: func() string { return written }}, nil
}

// Reveal returns the address.
func (l Link) Reveal() string {
	if l.reveal == nil {
		return ""
	}
	return l.reveal()
}

func (Link) String() string { return redacted }

// Format redacts every verb.
func (Link) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue redacts structured logs.
func (Link) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON always fails.
func (Link) MarshalJSON() ([]byte, error) { return nil, errLinkLeaves }

// MarshalText always fails.
func (Link) MarshalText() ([]byte, error) { return nil, errLinkLeaves }

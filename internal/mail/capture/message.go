package capture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
)

// Message is a captured mail, taken apart for whoever reads it.
type Message struct {
	Number  int      // 1 for the first one captured
	From    string   // of the envelope; empty for a mail read back from the folder
	To      []string // of the envelope; of the header for a mail read back from the folder
	ID      string   // Message-ID without brackets
	Subject string
	Text    string
	HTML    string
	Header  netmail.Header
	Raw     []byte    // as it came in
	At      time.Time // when it came in
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links returns the addresses in the text part, in their order.
func (m Message) Links() []string { return address.FindAllString(m.Text, -1) }

// parse takes a mail apart as far as it can be; what it cannot read stays empty.
func parse(raw []byte) Message {
	m := Message{Raw: raw}
	mail, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m
	}
	m.Header = mail.Header
	m.ID = strings.Trim(mail.Header.Get("Message-ID"), "<>")
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(mail.Header.Get("Subject")); err != nil {
		m.Subject = mail.Header.Get("Subject")
	}
	if list, err := mail.Header.AddressList("To"); err == nil {
		for _, to := range list {
			m.To = append(m.To, to.Address)
		}
	}
	m.readPart(mail.Header.Get, mail.Body)
	return m
}

func (m *Message) readPart(header func(string) string, body io.Reader) {
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil { // io.EOF, or nothing more that can be read
				return
			}
			m.readPart(part.Header.Get, part)
		}
	}
	switch strings.ToLower(header("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	switch kind {
	case "text/plain":
		m.Text += text
	case "text/html":
		m.HTML += text
	}
}

// Package mail writes the mails of Behalf and hands them to an SMTP server.
//
// A caller that may crash fixes the Message-ID beforehand, sends, and then
// records that it did:
//
//	message, err := mail.Invitation{…}.Message(id, to)
//	err = sender.Send(ctx, message)
//	switch {
//	case err == nil:            // accepted by the server
//	case mail.IsPermanent(err): // give up, tell somebody
//	default:                    // try again later
//	}
//
// A crash between the server's acceptance and the record sends the mail a
// second time with the same Message-ID, by which mailboxes recognize it.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sendTime bounds one sending, from dialling to the server's acceptance.
const sendTime = 30 * time.Second

// Sender hands mails to one SMTP server, each over a connection of its own. It
// may be used concurrently and starts no goroutine that outlives Send.
type Sender struct {
	server server
	from   netmail.Address
	trust  *tls.Config
}

// Option changes a Sender.
type Option func(*Sender)

// WithTLS trusts what config trusts, a private authority for example.
func WithTLS(config *tls.Config) Option { return func(s *Sender) { s.trust = config } }

// New takes the server as smtp://user:password@host:port (STARTTLS required;
// on loopback: used when offered; ?starttls=required, optional or off) or
// smtps://…, and the sender as "Behalf <mail@example.com>". It does not connect.
func New(address, from string, options ...Option) (*Sender, error) {
	server, err := parse(address)
	if err != nil {
		return nil, err
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("malformed sender address")
	}
	s := &Sender{server: server, from: *sender, trust: &tls.Config{}}
	for _, option := range options {
		option(s)
	}
	s.trust = s.trust.Clone()
	s.trust.MinVersion = max(s.trust.MinVersion, tls.VersionTLS12)
	if s.trust.ServerName == "" {
		s.trust.ServerName = server.host
	}
	return s, nil
}

// Send returns nil once the server has accepted the mail, a *Failure when it
// has not (or when that is not known: a lost connection counts as temporary),
// or, for a message that cannot be sent at all, ErrMessageID or ErrRecipient in
// a permanent *Failure.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if err := m.check(); err != nil {
		return &Failure{Permanent: true, Stage: "message", cause: err}
	}
	written := s.write(m)
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	held := &wire{}
	defer held.close()
	defer context.AfterFunc(ctx, held.close)()
	client, err := s.client(held)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return connecting(ctx, err)
	}
	if err := client.SendWithSMTPClient(session, written); err != nil && !written.IsDelivered() {
		return sending(ctx, err)
	}
	_ = client.CloseWithSMTPClient(session) // accepted: how the server says good-bye changes nothing
	return nil
}

func (s *Sender) write(m Message) *gomail.Msg {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.ToMailAddress(&netmail.Address{Address: m.To})
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDate()
	msg.Subject(line(m.Subject))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no absence notes, please
	if unsubscribe := m.Unsubscribe.Reveal(); unsubscribe != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+unsubscribe+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg
}

func (s *Sender) client(held *wire) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.server.port),
		gomail.WithTimeout(sendTime),
		gomail.WithTLSPolicy(s.server.starttls),
		gomail.WithTLSConfig(s.trust.Clone()),
		gomail.WithDialContextFunc(held.dial(s.dial)),
	}
	if s.server.user != nil {
		password, _ := s.server.user.Password()
		options = append(options,
			gomail.WithUsername(s.server.user.Username()),
			gomail.WithPassword(password),
			// Passwords in the clear only over TLS (or on loopback).
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin),
		)
	}
	client, err := gomail.NewClient(s.server.host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare smtp client: %w", err)
	}
	return client, nil
}

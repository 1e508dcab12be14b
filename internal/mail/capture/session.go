package capture

import (
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Refusal is what the server can be told to answer instead of accepting.
type Refusal int

// The kinds of refusal.
const (
	Temporarily Refusal = 451 // try again later
	Permanently Refusal = 550 // never
)

// RefuseNext answers the next n mails with a refusal, at the recipient. It
// replaces what was said before; zero ends it. Like many servers it repeats the
// address in its answer.
func (s *Server) RefuseNext(n int, kind Refusal) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.refusing, s.refusal = n, kind
}

func (s *Server) refuse(to string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.refusing <= 0 {
		return nil
	}
	s.refusing--
	return &smtp.SMTPError{
		Code:         int(s.refusal),
		EnhancedCode: smtp.EnhancedCode{int(s.refusal) / 100, 1, 1},
		Message:      "<" + to + "> refused, as told",
	}
}

// session is one client's, used by one goroutine.
type session struct {
	server *Server
	from   string
	to     []string
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from, c.to = from, nil
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := c.server.refuse(to); err != nil {
		return err
	}
	c.to = append(c.to, to)
	return nil
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.server.waitIfHeld()
	return c.server.keep(c.from, c.to, raw)
}

func (c *session) Reset()        { c.from, c.to = "", nil }
func (c *session) Logout() error { return nil }

// AuthMechanisms offers PLAIN, so that an SMTP_URL with a password works here too.
func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth accepts everybody: nothing is delivered and nothing can be read here.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}

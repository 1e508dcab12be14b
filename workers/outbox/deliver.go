package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/meter"
)

// What composing answers when there is nothing to send.
var (
	ErrObsolete = errors.New("the mail is obsolete") // not true any more
	ErrUnwanted = errors.New("the person wants no such mail")
)

// Sender hands a mail to the mail server.
type Sender interface {
	Send(ctx context.Context, message mail.Message) error
}

// Later says that a mail could not be sent now and when to try again.
type Later struct {
	In    time.Duration
	Cause error // repeats no address
}

func (l *Later) Error() string { return "mail put off: " + l.Cause.Error() }

// Unwrap returns the cause.
func (l *Later) Unwrap() error { return l.Cause }

// Postman sends the mails of a box.
type Postman struct {
	Box    *Box
	Sender Sender
	Meter  *meter.Meter
	Logger *slog.Logger
}

const (
	longestPause = time.Hour   // between two tries; the first is a second
	early        = time.Second // that asynq may run a task before its time, which it cuts to whole seconds
)

// Deliver sends a mail, unless it was sent already or somebody is at it.
// compose reads what it has to say at this moment, and answers ErrObsolete or
// ErrUnwanted when that is nothing. A refusal for good is recorded and no
// error; one that passes is a *Later.
func (p *Postman) Deliver(ctx context.Context, m jobs.Mail, compose func(context.Context) (mail.Message, error)) error {
	tries, err := p.Box.claim(ctx, m)
	if err != nil || tries == 0 {
		return err
	}
	message, err := compose(ctx)
	if err == nil {
		err = p.Sender.Send(ctx, message)
	}
	// the record outlives the task's time: the mail may be out
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	switch {
	case err == nil:
		return p.end(recording, m, Sent, "")
	case errors.Is(err, ErrObsolete):
		return p.end(recording, m, Obsolete, "")
	case errors.Is(err, ErrUnwanted):
		return p.end(recording, m, Unwanted, "")
	case mail.IsPermanent(err):
		p.Logger.WarnContext(ctx, "mail is undeliverable", "mail", m.ID.String(), "kind", string(m.Kind), "error", err)
		return p.end(recording, m, Undeliverable, codeOf(err))
	}
	p.Meter.Mailed(string(m.Kind), "deferred")
	pause := pauseAfter(tries)
	if failed := p.Box.putOff(recording, m.ID, pause, codeOf(err)); failed != nil {
		return errors.Join(err, failed)
	}
	return &Later{In: pause + early, Cause: err}
}

func (p *Postman) end(ctx context.Context, m jobs.Mail, outcome Outcome, code string) error {
	p.Meter.Mailed(string(m.Kind), string(outcome))
	return p.Box.end(ctx, m.ID, outcome, code)
}

// pauseAfter doubles from a second to an hour, with a fifth of jitter.
func pauseAfter(tries int) time.Duration {
	pause := min(time.Second<<min(tries-1, 20), longestPause)
	return pause + rand.N(pause/5) //nolint:gosec // G404: jitter, not a secret
}

func codeOf(err error) string {
	var failure *mail.Failure
	if !errors.As(err, &failure) || failure.Code == 0 {
		return ""
	}
	return strconv.Itoa(failure.Code)
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,119}$`)

// MessageID is the Message-ID of a mail, the same at every try (RFC 5322, 3.6.4).
func MessageID(m jobs.Mail, public *url.URL) string {
	host := public.Hostname()
	if !hostForm.MatchString(host) {
		host = "behalf.invalid"
	}
	return fmt.Sprintf("%s@%s", m.ID, host)
}

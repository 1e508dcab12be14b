package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Failure says that a mail was not accepted by the mail server. Its text holds
// codes and network errors alone: what servers answer often repeats addresses.
type Failure struct {
	Permanent bool   // the server refuses this mail for good; sending it again is useless
	Stage     string // "connect", "sender", "recipient", "content", "message"
	Code      int    // of the server's answer, 400 to 599 (RFC 5321, 4.2); zero if it did not answer
	Enhanced  string // of the server's answer (RFC 3463), "5.1.1"; empty if it gave none
	cause     error  // safe to show; nil if nothing is
}

func (f *Failure) Error() string {
	text := "temporary"
	if f.Permanent {
		text = "permanent"
	}
	text += " mail failure at " + f.Stage
	if f.Code != 0 {
		text += strings.TrimRight(fmt.Sprintf(": answer %d %s", f.Code, f.Enhanced), " ")
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

func (f *Failure) Unwrap() error { return f.cause }

// IsPermanent reports whether sending the same mail again is useless. Every
// other error of Send is worth another try, later.
func IsPermanent(err error) bool {
	var failure *Failure
	return errors.As(err, &failure) && failure.Permanent
}

var errAgree = errors.New("the server offers no encryption or sign-in that we accept; check starttls, user and password")

// connecting is the failure of what comes before any mail. Even a 5xx is
// temporary there: it says that the server or our configuration is wrong, and
// the mail can go once somebody has put that right.
func connecting(ctx context.Context, err error) *Failure {
	f := &Failure{Stage: "connect", cause: harmless(ctx, err)}
	var answer *textproto.Error
	switch {
	case errors.As(err, &answer):
		f.Code = answer.Code
	case f.cause == nil:
		f.cause = errAgree
	}
	return f
}

func sending(ctx context.Context, err error) *Failure {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return connecting(ctx, err)
	}
	f := &Failure{Code: refused.ErrorCode(), Enhanced: refused.EnhancedStatusCode()}
	switch refused.Reason {
	case gomail.ErrSMTPMailFrom:
		f.Stage = "sender"
	case gomail.ErrSMTPRcptTo:
		f.Stage = "recipient"
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrWriteContent:
		f.Stage = "content"
	case gomail.ErrGetSender, gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
		f.Stage, f.Permanent = "message", true
		return f
	default:
		f.Stage = "connect"
	}
	if f.Code == 0 {
		f.cause = harmless(ctx, err)
	}
	f.Permanent = f.Stage != "connect" && f.Code >= 500 && !wantsSignIn(f.Code)
	return f
}

// wantsSignIn recognizes the answers that mean our configuration, not the mail
// (RFC 4954, 6).
func wantsSignIn(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }

// harmless picks of an error what cannot repeat a mail's address: time, network and certificates.
func harmless(ctx context.Context, err error) error {
	var network *net.OpError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &network):
		return network
	case errors.As(err, &name):
		return name
	case errors.As(err, &certificate):
		return certificate
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	}
	return nil
}

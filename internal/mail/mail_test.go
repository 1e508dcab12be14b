package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/mail"
	"behalf/internal/mail/capture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const from = "Behalf <mail@behalf.example>"

func captured(t *testing.T) (*capture.Server, *mail.Sender) {
	t.Helper()
	server, err := capture.Start(capture.Options{})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	sender, err := mail.New(server.URL(), from)
	require.NoError(t, err)
	return server, sender
}

func message(t *testing.T) mail.Message {
	t.Helper()
	m, err := invitation(t).Message(id, to)
	require.NoError(t, err)
	return m
}

func TestSend(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	sent := message(t)
	require.NoError(t, sender.Send(t.Context(), sent))

	got, err := server.Wait(t.Context(), func(m capture.Message) bool { return m.ID == id })
	require.NoError(t, err)
	require.Equal(t, "mail@behalf.example", got.From)
	require.Equal(t, []string{to}, got.To)
	require.Equal(t, sent.Subject, got.Subject)
	require.Equal(t, strings.TrimSpace(sent.Text), strings.TrimSpace(got.Text))
	require.Equal(t, strings.TrimSpace(sent.HTML), strings.TrimSpace(got.HTML))
	require.Equal(t, []string{planted}, got.Links())
	require.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
	require.NotEmpty(t, got.Header.Get("Date"))
}

func TestSendAgainKeepsTheMessageID(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	require.NoError(t, sender.Send(t.Context(), message(t)))
	require.NoError(t, sender.Send(t.Context(), message(t)))
	require.Len(t, server.Messages(), 2)
	require.Equal(t, server.Messages()[0].ID, server.Messages()[1].ID)
}

func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	m := message(t)
	m.Subject = "Hello\r\nBcc: eve@example.com\r\n\r\nanother body"
	require.NoError(t, sender.Send(t.Context(), m))
	got := server.Messages()[0]
	require.Equal(t, []string{to}, got.To)
	require.Empty(t, got.Header.Get("Bcc"))
	require.Equal(t, "Hello Bcc: eve@example.com another body", got.Subject)

	m.To = "carl@example.com>\r\nRCPT TO:<eve@example.com"
	err := sender.Send(t.Context(), m)
	require.ErrorIs(t, err, mail.ErrRecipient)
	require.True(t, mail.IsPermanent(err))
	require.NotContains(t, err.Error(), "@")
	require.Len(t, server.Messages(), 1)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	for kind, permanent := range map[capture.Refusal]bool{capture.Temporarily: false, capture.Permanently: true} {
		server.RefuseNext(1, kind)
		err := sender.Send(t.Context(), message(t))
		var failure *mail.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, permanent, mail.IsPermanent(err))
		require.Equal(t, "recipient", failure.Stage)
		require.Equal(t, int(kind), failure.Code)
		require.NotEmpty(t, failure.Enhanced)
		require.NotContains(t, err.Error(), "carl", "the server's answer repeats the address, the error does not")
		require.NoError(t, sender.Send(t.Context(), message(t)), "only the next one is refused")
	}
}

func TestUnreachableServerIsTemporary(t *testing.T) {
	t.Parallel()
	server, sender := captured(t)
	server.Stop()
	err := sender.Send(t.Context(), message(t))
	var network *net.OpError
	require.ErrorAs(t, err, &network)
	require.False(t, mail.IsPermanent(err))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, sender.Send(ctx, message(t)), context.Canceled)
}

// script is a server that answers every line with the next of its answers and
// then does what the test says.
func script(t *testing.T, then func(net.Conn), answers ...string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		lines := textproto.NewConn(conn)
		for _, answer := range answers {
			if lines.PrintfLine("%s", answer) != nil {
				return
			}
			line, err := lines.ReadLine()
			if err != nil {
				return
			}
			if line == "MIME-Version: 1.0" || strings.Contains(line, ": ") && !strings.HasPrefix(line, "MAIL") {
				_, _ = lines.ReadDotLines()
			}
		}
		then(conn)
	}()
	return "smtp://" + listener.Addr().String()
}

func sendTo(ctx context.Context, t *testing.T, address string) error {
	t.Helper()
	sender, err := mail.New(address, from)
	require.NoError(t, err)
	return sender.Send(ctx, message(t))
}

func TestRefusedBeforeAnyMailIsTemporary(t *testing.T) {
	t.Parallel()
	err := sendTo(t.Context(), t, script(t, func(net.Conn) {}, "554 go away, carl@example.com"))
	require.EqualError(t, err, "temporary mail failure at connect: answer 554")
	require.False(t, mail.IsPermanent(err), "that is about the server, not about this mail")
}

func TestConnectionLostIsTemporary(t *testing.T) {
	t.Parallel()
	err := sendTo(t.Context(), t, script(t, func(net.Conn) {},
		"220 hello", "250 hello", "250 noop", "250 sender", "250 recipient", "354 content"))
	var failure *mail.Failure
	require.ErrorAs(t, err, &failure)
	require.False(t, failure.Permanent)
	require.Zero(t, failure.Code)
}

func TestAcceptedIsAcceptedWhateverFollows(t *testing.T) {
	t.Parallel()
	require.NoError(t, sendTo(t.Context(), t, script(t, func(conn net.Conn) { _, _ = conn.Write([]byte("250 accepted\r\n")) },
		"220 hello", "250 hello", "250 noop", "250 sender", "250 recipient", "354 content")))
}

func TestSilentServerEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	err := sendTo(ctx, t, script(t, func(conn net.Conn) {
		cancel()
		_, _ = conn.Read(make([]byte, 1)) // until the client has gone
	}, "220 hello", "250 hello"))
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, mail.IsPermanent(err))
}

func TestTLSFromTheFirstByte(t *testing.T) {
	t.Parallel()
	web := httptest.NewUnstartedServer(nil) // for its certificate
	web.StartTLS()
	t.Cleanup(web.Close)
	server, _ := captured(t)
	address := encrypted(t, web.TLS, strings.TrimPrefix(server.URL(), "smtp://"))

	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	sender, err := mail.New("smtps://user:pl4nted-p4ssword@"+address, from, mail.WithTLS(&tls.Config{RootCAs: roots}))
	require.NoError(t, err)
	require.NoError(t, sender.Send(t.Context(), message(t)))
	require.Len(t, server.Messages(), 1)

	stranger, err := mail.New("smtps://user:pl4nted-p4ssword@"+address, from)
	require.NoError(t, err)
	err = stranger.Send(t.Context(), message(t))
	var certificate *tls.CertificateVerificationError
	require.ErrorAs(t, err, &certificate)
	require.NotContains(t, err.Error(), "pl4nted-p4ssword")
}

// encrypted puts TLS in front of a plain server.
func encrypted(t *testing.T, config *tls.Config, plain string) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	require.NoError(t, err)
	var group sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); group.Wait() })
	group.Go(func() {
		for {
			outside, err := listener.Accept()
			if err != nil {
				return
			}
			inside, err := net.Dial("tcp", plain)
			if err != nil {
				_ = outside.Close()
				return
			}
			group.Go(func() { _, _ = io.Copy(inside, outside); _ = inside.Close() })
			group.Go(func() { _, _ = io.Copy(outside, inside); _ = outside.Close() })
		}
	})
	return listener.Addr().String()
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"smtp://127.0.0.1:2525", "smtp://localhost", "smtps://user:pass@mail.example.com",
		"smtp://user:p%40ss@mail.example.com:587?starttls=required", "smtp://[::1]:25/", "smtp://relay.internal:25?starttls=off",
	} {
		_, err := mail.New(good, from)
		require.NoError(t, err, good)
	}
	for _, bad := range []string{
		"", "mail.example.com", "http://user:pl4nted-p4ssword@mail.example.com", "smtp://user:pl4nted-p4ssword@",
		"smtp://user:pl4nted-p4ssword@mail.example.com:99999", "smtp://user:pl4nted-p4ssword@mail.example.com:port",
		"smtp://user:pl4nted-p4ssword@mail.example.com/inbox", "smtp://user:pl4nted-p4ssword@mail.example.com?starttls=perhaps",
		"smtps://user:pl4nted-p4ssword@mail.example.com?starttls=off", "smtp://user:pl4nted-p4ssword@mail.example.com?tls=yes",
	} {
		_, err := mail.New(bad, from)
		require.ErrorIs(t, err, mail.ErrAddress, bad)
		require.NotContains(t, err.Error(), "pl4nted-p4ssword")
	}
	_, err := mail.New("smtp://localhost", "nobody")
	require.Error(t, err)
}

func TestPasswordsStayOffPlainConnections(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.2:0") // no name that counts as this machine
	require.NoError(t, err)
	heard := make(chan string, 1)
	go func() {
		defer close(heard)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "220 hello\r\n250-hello\r\n250 AUTH PLAIN LOGIN\r\n221 bye\r\n")
		all, _ := io.ReadAll(conn)
		heard <- string(all)
	}()
	t.Cleanup(func() { _ = listener.Close() })

	err = sendTo(t.Context(), t, "smtp://user:pl4nted-p4ssword@"+listener.Addr().String()+"?starttls=off")
	require.Error(t, err)
	require.ErrorContains(t, err, "temporary mail failure at connect: the server offers no encryption or sign-in")
	said := <-heard
	require.Contains(t, said, "EHLO")
	require.NotContains(t, said, "AUTH")
}

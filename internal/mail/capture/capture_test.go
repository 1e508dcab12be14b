package capture_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/mail/capture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, options capture.Options) *capture.Server {
	t.Helper()
	server, err := capture.Start(options)
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	return server
}

func address(server *capture.Server) string { return strings.TrimPrefix(server.URL(), "smtp://") }

func send(server *capture.Server, content string) error {
	return smtp.SendMail(address(server), nil, "mail@behalf.example", []string{"carl@example.com"},
		[]byte(strings.ReplaceAll(content, "\n", "\r\n")))
}

func plain(subject string) string {
	return "To: carl@example.com\nSubject: " + subject + "\n\nHello\n"
}

func subjects(server *capture.Server) (all []string) {
	for _, m := range server.Messages() {
		all = append(all, fmt.Sprintf("%d %s", m.Number, m.Subject))
	}
	return all
}

func TestWait(t *testing.T) {
	t.Parallel()
	server := start(t, capture.Options{})
	require.NoError(t, send(server, plain("there already")))
	found := make(chan capture.Message, 2)
	var group sync.WaitGroup
	for _, subject := range []string{"there already", "to come"} {
		group.Go(func() {
			m, err := server.Wait(context.WithoutCancel(t.Context()), func(m capture.Message) bool { return m.Subject == subject })
			if err == nil {
				found <- m
			}
		})
	}
	require.Equal(t, "there already", (<-found).Subject)
	require.NoError(t, send(server, plain("another")))
	require.NoError(t, send(server, plain("to come")))
	require.Equal(t, "to come", (<-found).Subject)
	group.Wait()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := server.Wait(ctx, func(capture.Message) bool { return false })
	require.ErrorIs(t, err, context.Canceled)
}

func TestMailsAreTakenApart(t *testing.T) {
	t.Parallel()
	server := start(t, capture.Options{})
	require.NoError(t, send(server, `Message-ID: <one@behalf.example>
Subject: =?UTF-8?q?Gr=C3=BC=C3=9Fe?=
Content-Type: multipart/alternative; boundary=B

--B
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: quoted-printable

See https://behalf.example/?a=3D1&b=3D=
2 or <http://localhost/x>.
--B
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: base64

PGI+aGVsbG88L2I+
--B--
`))
	m := server.Messages()[0]
	require.Equal(t, "Grüße", m.Subject)
	require.Equal(t, "one@behalf.example", m.ID)
	require.Equal(t, "mail@behalf.example", m.From)
	require.Equal(t, []string{"carl@example.com"}, m.To)
	require.Equal(t, "<b>hello</b>", m.HTML)
	require.Equal(t, []string{"https://behalf.example/?a=1&b=2", "http://localhost/x"}, m.Links())
	require.False(t, m.At.IsZero())

	require.NoError(t, send(server, "no header at all"), "even what is no mail is kept")
	require.Contains(t, string(server.Messages()[1].Raw), "no header at all")
}

func TestOnlyTheNewestAreKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	server := start(t, capture.Options{Keep: 2, Folder: folder})
	for _, subject := range []string{"first", "second", "third"} {
		require.NoError(t, send(server, plain(subject)))
	}
	require.Equal(t, []string{"2 second", "3 third"}, subjects(server))
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(folder, "000002.eml"), filepath.Join(folder, "000003.eml")}, left)
	info, err := os.Stat(left[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.Error(t, send(server, plain("huge")+strings.Repeat("x\n", 1<<20)))
	require.Len(t, server.Messages(), 2)
}

func TestTheFolderOutlivesTheServer(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "mails")
	first := start(t, capture.Options{Folder: folder})
	require.NoError(t, send(first, plain("first")))
	require.NoError(t, send(first, plain("second")))
	first.Stop()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("somebody's"), 0o600))

	second := start(t, capture.Options{Folder: folder, Keep: 2})
	require.Equal(t, []string{"1 first", "2 second"}, subjects(second))
	require.Equal(t, []string{"carl@example.com"}, second.Messages()[0].To)
	require.NoError(t, send(second, plain("third")))
	require.Equal(t, []string{"2 second", "3 third"}, subjects(second))
	require.FileExists(t, filepath.Join(folder, "notes.txt"))
}

func TestRefuseNext(t *testing.T) {
	t.Parallel()
	server := start(t, capture.Options{})
	server.RefuseNext(2, capture.Temporarily)
	require.ErrorContains(t, send(server, plain("one")), "451")
	require.ErrorContains(t, send(server, plain("two")), "451")
	require.NoError(t, send(server, plain("three")))
	server.RefuseNext(1, capture.Permanently)
	require.ErrorContains(t, send(server, plain("four")), "550")
	server.RefuseNext(1, capture.Permanently)
	server.RefuseNext(0, capture.Permanently)
	require.NoError(t, send(server, plain("five")))
	require.Equal(t, []string{"1 three", "2 five"}, subjects(server))
}

func TestOnlyLoopback(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"0.0.0.0:0", ":0", "[::]:0", "mail.example.com:25", "127.0.0.1"} {
		_, err := capture.Start(capture.Options{Address: bad})
		require.Error(t, err, bad)
	}
	taken := start(t, capture.Options{})
	_, err := capture.Start(capture.Options{Address: address(taken)})
	require.ErrorContains(t, err, "address already in use")
}

func TestStopCutsClientsOff(t *testing.T) {
	t.Parallel()
	server := start(t, capture.Options{})
	client, err := smtp.Dial(address(server))
	require.NoError(t, err)
	server.Stop()
	require.Error(t, client.Noop())
	_ = client.Close()
	server.Stop() // once more is harmless
}

func TestPages(t *testing.T) {
	t.Parallel()
	server := start(t, capture.Options{})
	get := func(path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		server.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return answer
	}
	require.Contains(t, get("/").Body.String(), "No mail has come in yet")

	require.NoError(t, send(server, `Subject: <script>alert("subject")</script>
Content-Type: multipart/alternative; boundary=B

--B

<script>alert("text")</script> https://behalf.example/invitations/1?key=k
--B
Content-Type: text/html

<script>alert("html")</script>"><img src=x>
--B--
`))
	for _, path := range []string{"/", "/1"} {
		answer := get(path)
		require.Equal(t, http.StatusOK, answer.Code)
		require.NotContains(t, answer.Body.String(), "<script")
		require.NotContains(t, answer.Body.String(), "<img")
		require.Contains(t, answer.Body.String(), "carl@example.com")
		require.Contains(t, answer.Header().Get("Content-Security-Policy"), "default-src 'none'")
	}
	require.Contains(t, get("/").Body.String(), `href="1"`)
	require.Contains(t, get("/1").Body.String(), `<a href="https://behalf.example/invitations/1?key=k"`)
	require.Contains(t, get("/1").Body.String(), `sandbox=`)
	for _, path := range []string{"/2", "/0", "/-1", "/one", "/1/2"} {
		require.Equal(t, http.StatusNotFound, get(path).Code, path)
	}
}

package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
)

// The values that must never come out again (R41).
var canaries = []string{
	"canary-access", "canary-refresh", "canary-client-secret", "canary-verifier", "canary-code",
	base64.StdEncoding.EncodeToString([]byte("behalf:canary-client-secret")),
}

// A network that repeats everything it was sent, in every place of an answer.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	all := strings.ReplaceAll(r.Header.Get("Authorization")+" "+string(body)+" "+strings.Join(canaries, " "), `"`, " ")
	text, _ := json.Marshal(all)
	w.Header().Set("Location", "http://127.0.0.1/"+url.PathEscape(all))
	w.WriteHeader(http.StatusBadRequest)
	_, _ = fmt.Fprintf(w, `{"error":%s,"error_description":%s}`, text, text)
}

func malformed(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_, _ = io.WriteString(conn, "HTTP/1.1 "+strings.Join(canaries, " ")+"\r\n\r\n")
		_ = conn.Close()
	}
}

func apiError(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprintf(w, `{"error":{"code":%q,"message":%q}}`, canaries[0], canaries[0])
}

func notJSON(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, strings.Join(canaries, " "))
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/elsewhere?"+canaries[0], http.StatusTemporaryRedirect)
}

func TestNoSecretComesOut(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"echo": echo, "malformed": malformed, "api error": apiError, "not json": notJSON, "redirect": redirect,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			requireSilence(t, server.URL)
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, listener.Close())
		requireSilence(t, "http://"+listener.Addr().String())
	})
}

func requireSilence(t *testing.T, address string) {
	t.Helper()
	c, err := sandbox.New(sandbox.Config{
		URL: address, ClientID: "behalf", ClientSecret: networks.NewSecret("canary-client-secret"), Wire: wire.Options{},
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	credential := networks.NewOAuth2(networks.OAuth2{
		AccessToken: networks.NewSecret("canary-access"), RefreshToken: networks.NewSecret("canary-refresh"),
	})
	pending := networks.Pending{State: networks.NewSecret("state"), Verifier: networks.NewSecret("canary-verifier")}
	session := networks.Session{Credential: credential, Account: "acme-news"}

	var errs []error
	note := func(err error) {
		require.Error(t, err)
		errs = append(errs, err)
	}
	_, err = c.Exchange(t.Context(), networks.Callback{
		Query: url.Values{"state": {"state"}, "code": {"canary-code"}}, Pending: pending,
	})
	note(err)
	_, err = c.Refresh(t.Context(), credential)
	note(err)
	_, err = c.Accounts(t.Context(), credential)
	note(err)
	_, err = c.VerifyAccess(t.Context(), session)
	note(err)
	_, err = c.Publish(t.Context(), session, hello)
	note(err)
	_, err = c.Reconcile(t.Context(), session, hello)
	note(err)

	var out bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))} {
		for _, err := range errs {
			logger.Info("failed", "error", err, "session", session, "pending", pending, "connector", c)
		}
	}
	for _, err := range errs {
		for ; err != nil; err = unwrap(err) {
			_, _ = fmt.Fprintf(&out, "%v %+v %#v %s %q\n", err, err, err, err, err)
			written, _ := json.Marshal(err)
			out.Write(written)
		}
	}
	_, _ = fmt.Fprintf(&out, "%v %+v %#v %s %x", c, session, session, pending, credential)
	require.Contains(t, out.String(), "sandbox network at") // something was written at all
	for _, canary := range canaries {
		require.NotContains(t, out.String(), canary)
		require.NotContains(t, out.String(), fmt.Sprintf("%x", canary))
	}
}

func unwrap(err error) error {
	if wrapped, ok := err.(interface{ Unwrap() error }); ok {
		return wrapped.Unwrap()
	}
	return nil
}

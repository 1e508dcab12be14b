// Package canary_test searches everything that Behalf leaves for what must not
// be there: secrets, and people who were erased.
package canary_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/eventstore"
	sandboxes "behalf/internal/networks/sandbox"
	"behalf/internal/redisurl"
)

// TestStoryLeavesNoSecret plays the story and looks for every secret that was
// used in it - passwords, tokens of the network, the link, sessions, the API
// token - in a whole dump of the database, in everything that was ever said to
// Redis, in the logs, in what was printed and in all answers.
func TestStoryLeavesNoSecret(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 5*sitetest.TestTime)
	defer cancel()
	variables := sitetest.Variables(t)
	variables["BEHALF_LOG_LEVEL"] = "debug"
	variables["BEHALF_NETWORKS"] = sandboxes.TokenName
	behalf, sandbox, printed := &sitetest.Recorder{}, &sitetest.Recorder{}, &sitetest.Buffer{}
	overheard := monitor(ctx, t, variables["REDIS_URL"])
	registered := &later{}
	kinds := append(startKinds(t), startConsents(t, registered)...)
	w := house{sitetest.OpenWorld(ctx, t, variables, printed, dev.Options{Front: sandbox.Record, Besides: connectors(kinds)})}
	w.Transport = behalf
	keeper, err := w.Vault(ctx, eventstore.RoleAPI)
	require.NoError(t, err)
	registered.Registrations = keeper.Registrations()
	require.NoError(t, w.Play(ctx), "%s", printed)
	byForm := w.connectByForm(ctx, t, sandbox.Find(`"access_token":\s*"([^"]+)"`))
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(warnings(printed.String()))
		}
	})
	for _, kind := range kinds {
		w.useKind(ctx, t, kind)
	}

	secrets := []string{
		w.Secrets.Olivia, w.Secrets.Carl, w.Secrets.OliviaSandbox, w.Secrets.CarlSandbox,
		w.Secrets.SandboxClientSecret, variables["BEHALF_KEY"], w.Secrets.Outcome.Token, byForm,
	}
	for kind, found := range map[string][]string{
		"tokens of the network": sandbox.Find(`"(?:access|refresh)_token":\s*"([^"]+)"`),
		"codes of the network":  sandbox.Find(`[?&]code=([^&\s]+)`),
		"sessions":              behalf.Find(`(?m)^Set-Cookie: [^=]+=([^;\s]{20,})`),
		"links":                 linksIn(w),
	} {
		require.NotEmpty(t, found, "%s were never seen", kind)
		secrets = append(secrets, found...)
	}
	for _, kind := range kinds {
		secrets = append(secrets, kind.secrets(t)...)
	}
	places := map[string]string{
		"the database":         dump(ctx, t, variables["DATABASE_URL"]),
		"Redis":                overheard.String(),
		"logs and the story":   printed.String(),
		"the answers' content": behalf.Bodies.String(),
	}
	require.Contains(t, places["the database"], "workspace.client_invited.v1")
	require.Contains(t, places["Redis"], "asynq:")
	require.Contains(t, places["logs and the story"], "level=DEBUG")
	for _, secret := range secrets {
		require.GreaterOrEqual(t, len(secret), 19, "too short to be looked for")
		for place, content := range places {
			require.False(t, contains(content, secret), "a secret that begins with %.6s is in %s", secret, place)
		}
	}
}

// connectByForm has Olivia connect the page once more, in another workspace, by
// a token that she brings, after one that the network refuses. It answers that
// one; the other is among the network's tokens.
func (w house) connectByForm(ctx context.Context, t *testing.T, tokens []string) (refused string) {
	t.Helper()
	require.NotEmpty(t, tokens)
	var session struct{ Token string }
	w.post(ctx, t, "", "/v1/sessions", map[string]any{"email": dev.OliviaEmail, "password": w.Secrets.Olivia, "delivery": "token"}, &session)
	var created struct{ Workspace string }
	w.post(ctx, t, session.Token, "/v1/workspaces", map[string]any{"name": "By form"}, &created)
	fill := func(token string, into any) int {
		var begun struct{ State string }
		w.post(ctx, t, session.Token, "/v1/workspaces/"+created.Workspace+"/authorizations",
			map[string]any{"network": sandboxes.TokenName, "host": strings.TrimPrefix(w.Addresses.Sandbox, "http://")}, &begun)
		return w.post(ctx, t, session.Token, "/v1/authorizations/form",
			map[string]any{"state": begun.State, "fields": map[string]string{"token": token}}, into)
	}
	refused = rand.Text()
	require.Equal(t, http.StatusConflict, fill(refused, nil))
	for _, token := range tokens { // Olivia's are among them, and some have been rotated away
		var done struct {
			Authorization string
			Accounts      []struct{ Remote string }
		}
		if fill(token, &done) == http.StatusOK && len(done.Accounts) > 0 {
			status := w.post(ctx, t, session.Token, "/v1/workspaces/"+created.Workspace+"/commands/ConnectAccount",
				map[string]any{"authorization": done.Authorization, "remote": done.Accounts[0].Remote}, nil)
			require.Equal(t, http.StatusOK, status)
			return refused
		}
	}
	require.Fail(t, "no token of the network could be used")
	return refused
}

// post sends a request of a visitor, and reads the answer where it is a yes.
func (w house) post(ctx context.Context, t *testing.T, token, path string, body map[string]any, into any) (status int) {
	t.Helper()
	written, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Addresses.API+path, bytes.NewReader(written))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Transport: w.Transport}).Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	if into != nil && response.StatusCode < 300 {
		require.NoError(t, json.NewDecoder(response.Body).Decode(into))
	}
	return response.StatusCode
}

// warnings are the lines of a log that something is wrong by.
func warnings(log string) string {
	lines := strings.Split(log, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return !strings.Contains(line, "level=WARN") && !strings.Contains(line, "level=ERROR")
	}), "\n")
}

func linksIn(w house) (tokens []string) {
	for _, mail := range w.Mails.Messages() {
		for _, address := range mail.Links() {
			if _, token, found := strings.Cut(address, "/v1/invitations/"); found {
				tokens = append(tokens, token)
			}
		}
	}
	return tokens
}

// contains looks for a secret as it is, in base64, and in hexadecimal digits (a dump's bytea).
func contains(content, secret string) bool {
	return strings.Contains(content, secret) ||
		strings.Contains(content, base64.StdEncoding.EncodeToString([]byte(secret))) ||
		strings.Contains(content, hex.EncodeToString([]byte(secret)))
}

// dump is everything in the database, the vault's sealed rows included: what
// is sealed must not show either.
func dump(ctx context.Context, t *testing.T, url string) string {
	t.Helper()
	programs, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	require.NoError(t, err)
	if onPath, err := exec.LookPath("pg_dump"); err == nil {
		programs = append(programs, onPath)
	}
	require.NotEmpty(t, programs, "pg_dump comes with Postgres")
	command := exec.CommandContext(ctx, programs[0], "--inserts", "--dbname="+url)
	command.Stderr = os.Stderr
	content, err := command.Output()
	require.NoError(t, err)
	return string(content)
}

// monitor listens to everything that is said to Redis until the test ends.
func monitor(ctx context.Context, t *testing.T, url string) *sitetest.Buffer {
	t.Helper()
	options, err := redisurl.Parse(url)
	require.NoError(t, err)
	conn, err := (&net.Dialer{}).DialContext(ctx, options.Network, options.Addr)
	require.NoError(t, err)
	_, err = io.WriteString(conn, "MONITOR\r\n")
	require.NoError(t, err)
	heard, done := &sitetest.Buffer{}, make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(heard, conn) // until it is closed
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	return heard
}

// house is a world that is searched.
type house struct{ *dev.World }

package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/redisurl"
)

// TestStoryLeavesNoSecret plays the story and looks for every secret that was
// used in it - passwords, tokens of the network, the link, sessions, the API
// token - in a whole dump of the database, in everything that was ever said to
// Redis, in the logs, in what was printed and in all answers.
func TestStoryLeavesNoSecret(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	variables := variablesFor(t)
	variables["BEHALF_LOG_LEVEL"] = "debug"
	behalf, sandbox, printed := &recorder{}, &recorder{}, &safeBuffer{}
	overheard := monitor(ctx, t, variables["REDIS_URL"])
	w := openTestWorld(ctx, t, variables, printed, worldOptions{front: sandbox.record})
	w.transport = behalf
	require.NoError(t, w.play(ctx), "%s", printed)

	secrets := []string{
		w.secrets.Olivia, w.secrets.Carl, w.secrets.OliviaSandbox, w.secrets.CarlSandbox,
		w.secrets.SandboxClientSecret, variables["BEHALF_KEY"], w.secrets.Outcome.Token,
	}
	for kind, found := range map[string][]string{
		"tokens of the network": sandbox.find(`"(?:access|refresh)_token":\s*"([^"]+)"`),
		"codes of the network":  sandbox.find(`[?&]code=([^&\s]+)`),
		"sessions":              behalf.find(`(?m)^Set-Cookie: [^=]+=([^;\s]{20,})`),
		"links":                 linksIn(w),
	} {
		require.NotEmpty(t, found, "%s were never seen", kind)
		secrets = append(secrets, found...)
	}
	places := map[string]string{
		"the database":         dump(ctx, t, variables["DATABASE_URL"]),
		"Redis":                overheard.String(),
		"logs and the story":   printed.String(),
		"the answers' content": behalf.bodies.String(),
	}
	require.Contains(t, places["the database"], "workspace.client_invited.v1")
	require.Contains(t, places["Redis"], "asynq:")
	require.Contains(t, places["logs and the story"], "level=DEBUG")
	for _, secret := range secrets {
		require.GreaterOrEqual(t, len(secret), 20)
		for place, content := range places {
			require.False(t, contains(content, secret), "a secret that begins with %.6s is in %s", secret, place)
		}
	}
}

func linksIn(w *world) (tokens []string) {
	for _, mail := range w.mails.Messages() {
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
func monitor(ctx context.Context, t *testing.T, url string) *safeBuffer {
	t.Helper()
	options, err := redisurl.Parse(url)
	require.NoError(t, err)
	conn, err := (&net.Dialer{}).DialContext(ctx, options.Network, options.Addr)
	require.NoError(t, err)
	_, err = io.WriteString(conn, "MONITOR\r\n")
	require.NoError(t, err)
	heard, done := &safeBuffer{}, make(chan struct{})
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

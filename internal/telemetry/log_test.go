package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary is a secret that no log may show.
const canary = "hunter2hunter2"

func TestLogsKnowTheirRequest(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := NewLogger(&out, LogOptions{}).With("part", "api").WithGroup("detail")
	ctx := WithCorrelationID(WithRequestID(t.Context(), "request-1"), "chain-1")
	log.InfoContext(ctx, "answered", "size", 3)
	log.DebugContext(ctx, "not at this level")

	var record struct {
		Part   string
		Msg    string
		Detail map[string]any
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &record), "one record of JSON: not a terminal")
	require.Equal(t, "api", record.Part)
	require.Equal(t, "answered", record.Msg)
	require.Equal(t, map[string]any{"size": 3.0, "request_id": "request-1", "correlation_id": "chain-1"}, record.Detail)
}

func TestFormatAndLevel(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := NewLogger(&out, LogOptions{Level: slog.LevelDebug, Format: "text"})
	log.Debug("started")
	require.Contains(t, out.String(), "level=DEBUG msg=started")
	require.NotContains(t, out.String(), "request_id", "outside of a request")
}

func TestLogsShowNoSecrets(t *testing.T) {
	t.Parallel()
	get := fmt.Errorf(`Get "https://graph.example/me?fields=id&access_token=%s": i/o timeout`, canary)
	for name, value := range map[string]any{
		"password":       canary,
		"client_secret":  canary,
		"access_token":   []byte(canary),
		"Authorization":  []string{canary},
		"Set-Cookie":     canary,
		"database_url":   canary,
		"error":          errors.Join(errors.New("publish"), get),
		"address":        "postgres://behalf:" + canary + "@db.example/behalf",
		"link":           "https://behalf.example/join?token=" + canary + "&x=1",
		"header":         "Bearer " + canary,
		"body":           "grant_type=authorization_code&code=" + canary,
		"nested":         slog.GroupValue(slog.String("token", canary)),
		"wrapped_secret": struct{ Value string }{canary},
	} {
		var out bytes.Buffer
		NewLogger(&out, LogOptions{Format: "text"}).With(name, value).Info("bound")
		NewLogger(&out, LogOptions{}).Info("given", name, value)
		require.NotContains(t, out.String(), canary, name)
		require.Contains(t, out.String(), redacted, name)
	}
	var out bytes.Buffer
	NewLogger(&out, LogOptions{}).Info("failed: " + get.Error())
	require.NotContains(t, out.String(), canary, "in the message")
}

func TestWhatIsNoSecretStays(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"tokens_used": "3",
		"record_key":  "3l4x",
		"route":       "/v1/workspaces/{workspace}",
		"url":         "https://sandbox.example:8090/pages/1?page=2",
		"error":       `stream "workspace-01": version=3 was expected`,
		"socket":      "postgres://behalf@/behalf?host=%2Frun",
		"sentence":    "basic checks have passed",
		"pairs":       "code=23505 state=scheduled",
	} {
		attribute := redact(nil, slog.String(name, value))
		require.Equal(t, value, attribute.Value.String(), name)
	}
}

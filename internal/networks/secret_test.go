package networks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

var credential = networks.NewOAuth2(networks.OAuth2{
	AccessToken:  networks.NewSecret("canary-access"),
	RefreshToken: networks.NewSecret("canary-refresh"),
	Expiry:       time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
})

var pending = networks.Pending{
	State: networks.NewSecret("canary-state"), Verifier: networks.NewSecret("canary-verifier"), RedirectURI: "http://127.0.0.1/",
}

// every is one credential of each kind that holds a secret.
var every = []networks.Credential{
	credential,
	networks.NewAppPassword(networks.AppPassword{Site: "https://blog.example", User: "carl", Password: networks.NewSecret("canary-password")}),
	networks.NewSessionPair(networks.SessionPair{
		Host: "https://pds.example", Subject: "did:plc:carl", Access: networks.NewSecret("canary-access"), Refresh: networks.NewSecret("canary-refresh"),
	}),
	networks.NewBotToken(networks.BotToken{Token: networks.NewSecret("canary-bot")}),
	networks.NewWebhook(networks.Webhook{URL: networks.NewSecret("https://hooks.example/canary")}),
}

// somebody is a struct of somebody else, whose fields fmt prints without calling methods.
type somebody struct {
	credential networks.Credential
	pending    *networks.Pending
	secret     networks.Secret
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	tokens, _ := credential.OAuth2()
	holder := somebody{credential, &pending, networks.NewSecret("canary-secret")}
	var out bytes.Buffer
	values := []any{}
	for _, one := range every {
		values = append(values, one, &one, somebody{credential: one})
	}
	for _, value := range append(values, pending, &pending, tokens, tokens.AccessToken, holder, &holder) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			_, _ = fmt.Fprintf(&out, verb+"\n", value)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("value", "value", value, slog.Group("in", "it", value))
		slog.New(slog.NewTextHandler(&out, nil)).Info("value", "value", value)
	}
	require.Contains(t, out.String(), "[redacted]")
	require.NotContains(t, out.String(), "canary")
	require.NotContains(t, out.String(), fmt.Sprintf("%x", "canary"))
}

func TestSecretsAreNotMarshalled(t *testing.T) {
	t.Parallel()
	tokens, _ := credential.OAuth2()
	values := []any{}
	for _, one := range every {
		values = append(values, one, &one, struct{ C networks.Credential }{one})
	}
	for _, value := range append(values, pending, tokens, tokens.AccessToken, struct{ C networks.Credential }{credential}) {
		written, err := json.Marshal(value)
		require.ErrorIs(t, err, networks.ErrSecret)
		require.Empty(t, written)
	}
	_, err := tokens.AccessToken.MarshalText()
	require.ErrorIs(t, err, networks.ErrSecret)
}

func TestSealing(t *testing.T) {
	t.Parallel()
	sealed, err := credential.Seal()
	require.NoError(t, err)
	opened, err := networks.OpenCredential(sealed)
	require.NoError(t, err)
	require.True(t, opened.Refreshable())
	require.Equal(t, credential.ExpiresAt(), opened.ExpiresAt())
	before, _ := credential.OAuth2()
	after, _ := opened.OAuth2()
	require.Equal(t, before.AccessToken.Reveal(), after.AccessToken.Reveal())
	require.Equal(t, before.RefreshToken.Reveal(), after.RefreshToken.Reveal())

	sealed, err = pending.Seal()
	require.NoError(t, err)
	again, err := networks.OpenPending(sealed)
	require.NoError(t, err)
	require.Equal(t, "canary-verifier", again.Verifier.Reveal())
	require.Equal(t, pending.RedirectURI, again.RedirectURI)
}

func TestEveryKindIsSealedAndOpened(t *testing.T) {
	t.Parallel()
	for _, one := range append(every, networks.NewManual(networks.Manual{RemoteID: "r", Name: "n", Identities: []string{"i"}})) {
		sealed, err := one.Seal()
		require.NoError(t, err)
		opened, err := networks.OpenCredential(sealed)
		require.NoError(t, err)
		require.Equal(t, one.Kind(), opened.Kind())
		again, err := opened.Seal()
		require.NoError(t, err)
		require.JSONEq(t, string(sealed), string(again))
	}
}

func TestMalformedSealsAreNotQuoted(t *testing.T) {
	t.Parallel()
	for _, sealed := range []string{"canary", `{"kind":"canary"}`, `{"kind":"oauth2"}`, `{"kind":"oauth2","oauth2":{"refresh_token":"canary"}}`,
		`{"kind":"app_password","app_password":{"user":"canary"}}`, `{"kind":"bot_token","webhook":"canary"}`, `{"kind":"webhook"}`,
		`{"kind":"session_pair","session_pair":{"refresh":"canary"}}`} {
		_, err := networks.OpenCredential([]byte(sealed))
		require.ErrorIs(t, err, networks.ErrSealed)
		require.NotContains(t, err.Error(), "canary")
		_, err = networks.OpenPending([]byte(sealed))
		require.ErrorIs(t, err, networks.ErrSealed)
		require.NotContains(t, err.Error(), "canary")
	}
	_, err := networks.Credential{}.Seal()
	require.Error(t, err)
}

func TestFailureKinds(t *testing.T) {
	t.Parallel()
	failure := &networks.Failure{Kind: networks.Ambiguous, Code: "no_answer", Cause: context.DeadlineExceeded}
	wrapped := fmt.Errorf("publish: %w", failure)
	require.Equal(t, networks.Ambiguous, networks.KindOf(wrapped))
	require.ErrorIs(t, wrapped, context.DeadlineExceeded)
	require.Equal(t, networks.FailureKind(""), networks.KindOf(errors.New("other")))
	require.Equal(t, networks.FailureKind(""), networks.KindOf(nil))
}

func TestRegistry(t *testing.T) {
	t.Parallel()
	registry := networks.Registry{"b": nil, "a": nil}
	require.Equal(t, []string{"a", "b"}, registry.Names())
	_, err := registry.Connector("c")
	require.ErrorContains(t, err, `"c"`)
}

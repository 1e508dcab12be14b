// Package secrecy holds one test: types that hold secrets cannot be printed,
// logged or marshalled, whatever they are put into (R41).
package secrecy

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/config"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// canary is what no output may hold, in no form; it is as long as a key is.
const canary = "canary-canary-canary-canary-cana"

func of(text string) networks.Secret { return networks.NewSecret(text) }

// holders are values of every type that holds a secret.
func holders() []any {
	inConfig, inVault := config.NewSecret(canary), vault.NewSecret([]byte(canary))
	oauth2 := networks.OAuth2{AccessToken: of(canary), RefreshToken: of(canary), AccountToken: of(canary)}
	password := networks.AppPassword{Site: "https://blog.example", User: "carl", Password: of(canary)}
	pair := networks.SessionPair{Host: "https://pds.example", Access: of(canary), Refresh: of(canary)}
	token, hook := networks.BotToken{Token: of(canary)}, networks.Webhook{URL: of(canary)}
	all := config.Secrets{
		DatabaseURL: inConfig, RedisURL: inConfig, SMTPURL: inConfig, MasterKey: inConfig, VaultKey: inConfig, VaultKeyOld: inConfig,
		SealKey: inConfig, SandboxClientSecret: inConfig,
	}
	return []any{
		inConfig, all, config.Config{Secrets: all, Providers: []config.Provider{{Name: "acme", ClientSecret: inConfig}}},
		inVault, vault.Keys{Master: inVault, Wrapping: inVault, Old: inVault},
		of(canary), oauth2, password, pair, token, hook,
		networks.NewOAuth2(oauth2), networks.NewAppPassword(password), networks.NewSessionPair(pair), networks.NewBotToken(token), networks.NewWebhook(hook),
		networks.Pending{State: of(canary), Verifier: of(canary)},
		networks.Session{Credential: networks.NewOAuth2(oauth2), Account: "page"},
		networks.Callback{Fields: map[string]networks.Secret{"password": of(canary)}, Pending: networks.Pending{State: of(canary)}},
		networks.Registration{ClientID: "client", ClientSecret: of(canary)},
	}
}

// within puts a value where printers find it in other ways: behind pointers, in
// fields that they cannot call methods of, in lists and maps, in errors.
func within(value any) []any {
	pointer := reflect.New(reflect.TypeOf(value))
	pointer.Elem().Set(reflect.ValueOf(value))
	behind := pointer.Interface()
	return []any{
		value, behind, struct{ Field any }{value}, struct{ field any }{value}, struct{ field any }{behind}, &struct{ field any }{value},
		[]any{value, behind}, map[string]any{"key": value}, [1]any{value},
		fmt.Errorf("it failed: %v", value), errors.Join(fmt.Errorf("%+v", value), fmt.Errorf("%#v", behind)),
	}
}

func TestNoSecretIsPrintedOrLogged(t *testing.T) {
	t.Parallel()
	for _, holder := range holders() {
		var out bytes.Buffer
		for _, value := range within(holder) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%t"} {
				fmt.Fprintf(&out, verb+"\n", value)
			}
			for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
				slog.New(handler).With("with", value).Info("it", "value", value, slog.Group("in", "it", value))
			}
		}
		silent(t, holder, out.String())
	}
}

func TestNoSecretIsMarshalled(t *testing.T) {
	t.Parallel()
	for _, holder := range holders() {
		var out bytes.Buffer
		for _, value := range within(holder) {
			written, err := json.Marshal(value)
			fmt.Fprintf(&out, "%s %v\n", written, err)
			fmt.Fprintln(&out, xml.NewEncoder(&out).Encode(value))
			fmt.Fprintln(&out, gob.NewEncoder(&out).Encode(value))
		}
		silent(t, holder, out.String())
	}
}

// silent fails when a text shows the canary, as it is or as bytes are shown.
func silent(t *testing.T, holder any, text string) {
	t.Helper()
	for _, form := range []string{
		"canary", hex.EncodeToString([]byte("canary")), strings.ToUpper(hex.EncodeToString([]byte("canary"))),
		base64.StdEncoding.EncodeToString([]byte("canary-canary"))[:12], strings.Trim(fmt.Sprintf("%d", []byte("canary")), "[]"),
		strings.Trim(fmt.Sprintf("%#v", []byte("canary")), "[]byte{}"), strings.Trim(fmt.Sprintf("%o", []byte("canary")), "[]"),
	} {
		require.NotContains(t, text, form, "%T", holder)
	}
}

// A test that could not see the canary would pass as well.
func TestTheCanaryIsSeen(t *testing.T) {
	t.Parallel()
	require.Equal(t, canary, config.NewSecret(canary).Reveal())
	require.Equal(t, canary, of(canary).Reveal())
	require.Equal(t, canary, string(vault.NewSecret([]byte(canary)).Reveal()))
	plain := fmt.Sprintf("%x", canary)
	require.Contains(t, plain, hex.EncodeToString([]byte("canary")))
}

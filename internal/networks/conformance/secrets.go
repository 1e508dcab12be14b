package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// silence lets a network repeat everything it was sent, in every place of an
// answer, and looks for the secrets in whatever comes out (R41).
func (s Subject) silence(t *testing.T) {
	for _, kind := range []fake.Kind{fake.Echo, fake.Garbled, fake.Redirect, fake.Malformed} {
		s.run(t, string(kind), func(t *testing.T) {
			w := s.begin(t, wire.Options{})
			a := w.prepared(t.Context(), attempt(w.illustrated()))
			start := s.authorize(t, w.World)
			callback := w.Answer(t, fake.Olivia, start, true)
			secrets := append(secretsOf(t, w.session.Credential), w.Secrets...)
			secrets = append(secrets, start.Pending.Verifier.Reveal(), callback.Query.Get("code"))
			w.Gate.Arm(fake.Fault{Kind: kind})

			var out bytes.Buffer
			note := func(name string, err error) {
				require.Error(t, err, name)
				write(&out, err)
			}
			_, err := w.Exchange(t.Context(), callback)
			note("exchange", err)
			_, err = w.Refresh(t.Context(), w.credential)
			note("refresh", err)
			_, err = w.Accounts(t.Context(), w.credential)
			note("accounts", err)
			_, err = w.VerifyAccess(t.Context(), w.session)
			note("verify", err)
			_, err = w.Publish(t.Context(), w.session, a)
			note("publish", err)
			if w.knows() {
				_, err = w.Reconcile(t.Context(), w.session, a)
				note("reconcile", err)
			}
			if s.Calls.Prepare != "" {
				_, err = w.Prepare(t.Context(), w.session, attempt(w.illustrated()), keep)
				note("prepare", err)
			}
			// An answer without a body is enough for these two.
			write(&out, w.Delete(t.Context(), w.session, "1"), w.Revoke(t.Context(), w.credential))
			write(&out, w.session, start.Pending, start, w.Connector)
			requireAbsent(t, out.String(), secrets)
		})
	}
}

// printing keeps the client's secret to the connector.
func (s Subject) printing(t *testing.T) {
	w := s.Start(t, wire.Options{})
	var out bytes.Buffer
	write(&out, w.Connector)
	requireAbsent(t, out.String(), w.Secrets)
}

// write prints and logs values, and what errors wrap, in every way that somebody might.
func write(out *bytes.Buffer, values ...any) {
	for _, value := range values {
		slog.New(slog.NewTextHandler(out, nil)).Info("seen", "value", value)
		slog.New(slog.NewJSONHandler(out, nil)).Info("seen", "value", value)
		_, _ = fmt.Fprintf(out, "%v %+v %#v %s %q %x\n", value, value, value, value, value, value)
		written, _ := json.Marshal(value)
		out.Write(written)
		err, _ := value.(error)
		if inner := errors.Unwrap(err); inner != nil {
			write(out, inner)
		}
	}
}

func requireAbsent(t *testing.T, out string, secrets []string) {
	t.Helper()
	require.NotEmpty(t, out)
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, form := range []string{
			secret, url.QueryEscape(secret), fmt.Sprintf("%x", secret),
			base64.StdEncoding.EncodeToString([]byte(fake.ClientID + ":" + secret)),
		} {
			require.NotContains(t, out, form)
		}
	}
}

// secretsOf are all long strings of a sealed credential.
func secretsOf(t *testing.T, c networks.Credential) []string {
	t.Helper()
	sealed, err := c.Seal()
	require.NoError(t, err)
	var read any
	require.NoError(t, json.Unmarshal(sealed, &read))
	return secretStrings("", read)
}

// publicMembers are those of a sealed credential that are no secret.
var publicMembers = map[string]bool{"kind": true, "host": true, "site": true, "user": true, "subject": true, "expiry": true}

func secretStrings(name string, value any) []string {
	switch v := value.(type) {
	case string:
		if !publicMembers[name] && v != "" {
			return []string{v}
		}
	case map[string]any:
		var found []string
		for member, inner := range v {
			found = append(found, secretStrings(member, inner)...)
		}
		return found
	}
	return nil
}

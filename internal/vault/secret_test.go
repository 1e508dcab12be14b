package vault_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/vault"
)

const planted = "pl4nted-t0ken"

// shapes are the ways in which a secret travels.
func shapes() map[string]any {
	s := secret(planted)
	type hidden struct{ s vault.Secret }
	type open struct{ S vault.Secret }
	return map[string]any{
		"itself": s, "pointer": &s, "slice": []vault.Secret{s}, "map": map[string]vault.Secret{"key": s},
		"exported field": open{s}, "unexported field": hidden{s}, "pointer to field": &hidden{s},
	}
}

// leaks looks for the secret as text, hexadecimal and decimal bytes.
func leaks(t *testing.T, printed string) {
	t.Helper()
	require.NotContains(t, printed, planted)
	require.NotContains(t, printed, fmt.Sprintf("%x", planted)[:8])
	require.NotContains(t, printed, fmt.Sprintf("%X", planted)[:8])
	require.NotContains(t, printed, string(fmt.Append(nil, []byte(planted[:3])))[1:8])
	require.NotContains(t, printed, "0x70, 0x6c")
}

func TestSecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	for name, value := range shapes() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%b", "%o", "%c", "%U", "%t"} {
			leaks(t, fmt.Sprintf(verb, value))
		}
		leaks(t, fmt.Sprint(value))
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var log bytes.Buffer
			slog.New(handler(&log)).Info("a line", name, value)
			require.NotEmpty(t, log.String())
			leaks(t, log.String())
		}
	}
	require.Equal(t, "[redacted]", fmt.Sprintf("%#v", secret(planted)))
}

func TestSecretIsNotMarshalled(t *testing.T) {
	t.Parallel()
	s := secret(planted)
	type letter struct{ S vault.Secret }
	for _, value := range []any{s, &s, letter{s}, []vault.Secret{s}} {
		written, err := json.Marshal(value)
		require.Error(t, err)
		leaks(t, string(written)+err.Error())
		written, err = xml.Marshal(value)
		require.Error(t, err)
		leaks(t, string(written)+err.Error())
		var out bytes.Buffer
		err = gob.NewEncoder(&out).Encode(value)
		require.Error(t, err)
		leaks(t, out.String()+err.Error())
	}
}

func TestSecretWipe(t *testing.T) {
	t.Parallel()
	bytes := []byte(planted)
	s := vault.NewSecret(bytes)
	same := s
	require.Equal(t, planted, string(s.Reveal()))
	require.True(t, same.Equal(s))
	require.False(t, same.Equal(secret("something else")))
	s.Wipe()
	require.Equal(t, make([]byte, len(planted)), bytes)
	require.False(t, same.Equal(secret(planted)), "copies share the bytes")
	require.True(t, vault.Secret{}.IsEmpty())
	vault.Secret{}.Wipe() // nothing to wipe, nothing to fall over
}

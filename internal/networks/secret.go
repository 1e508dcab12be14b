package networks

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
)

// redacted stands in for a secret wherever one is printed.
const redacted = "[redacted]"

// ErrSecret refuses to marshal a secret. Only Seal writes secrets, for the vault.
var ErrSecret = errors.New("a secret cannot be marshalled")

// Secret is a token, a password or a verifier. It prints and logs as
// "[redacted]" under every verb and refuses to be marshalled. The value hides
// behind a pointer because fmt does not call the methods of unexported fields:
// a struct of somebody else that holds a Secret prints an address at worst.
type Secret struct{ value *string }

// NewSecret hides a value. The empty value is the zero Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value, to be sent to the network it belongs to.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no value.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal compares in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s Secret) MarshalJSON() ([]byte, error) { return nil, ErrSecret }
func (s Secret) MarshalText() ([]byte, error) { return nil, ErrSecret }

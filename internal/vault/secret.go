package vault

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

var errSecretLeaves = errors.New("a secret cannot be marshalled")

// Secret is bytes that must not be seen: it prints and logs as "[redacted]" and
// refuses to be marshalled (R41). Its bytes sit behind a function because fmt
// and other printers reach through structs, unexported fields and pointers, but
// show of a function only its address.
//
// The zero Secret is empty. Copies share their bytes.
type Secret struct{ reveal func() []byte }

// NewSecret takes the bytes over: the caller no longer writes to them.
func NewSecret(bytes []byte) Secret { return Secret{reveal: func() []byte { return bytes }} }

// Reveal returns the bytes themselves, not a copy. They are gone after Wipe.
func (s Secret) Reveal() []byte {
	if s.reveal == nil {
		return nil
	}
	return s.reveal()
}

// IsEmpty reports whether there is nothing in it.
func (s Secret) IsEmpty() bool { return len(s.Reveal()) == 0 }

// Equal compares in a time that does not depend on where two secrets of one length differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare(s.Reveal(), other.Reveal()) == 1
}

// Wipe overwrites the bytes, in all copies of the secret. The garbage collector
// may have left others behind; this shortens their life, no more.
func (s Secret) Wipe() { clear(s.Reveal()) }

func (Secret) String() string { return redacted }

// GoString redacts %#v.
func (Secret) GoString() string { return redacted }

// Format redacts every verb, %x and %d included.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue redacts structured logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON always fails.
func (Secret) MarshalJSON() ([]byte, error) { return nil, errSecretLeaves }

// MarshalText always fails.
func (Secret) MarshalText() ([]byte, error) { return nil, errSecretLeaves }

// MarshalBinary always fails, and with it encoding/gob.
func (Secret) MarshalBinary() ([]byte, error) { return nil, errSecretLeaves }

package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

var errMarshal = errors.New("a secret setting cannot be marshalled")

// Secret is a text that must not be seen: it prints and logs as "[redacted]" and
// refuses to be marshalled. The text sits behind a function, because printers
// reach into structs and pointers, but show of a function only its address.
// The zero Secret is unset.
type Secret struct{ reveal func() string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{reveal: func() string { return text }} }

// Reveal returns the text; empty when unset.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsSet reports whether there is a text other than the empty one.
func (s Secret) IsSet() bool { return s.Reveal() != "" }

// String hides the text from anything that prints Stringers.
func (s Secret) String() string { return redacted }

// Format hides the text from every verb of fmt.
func (s Secret) Format(out fmt.State, _ rune) { _, _ = io.WriteString(out, redacted) }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses: a secret that reached an encoder is a mistake to be seen.
func (s Secret) MarshalText() ([]byte, error) { return nil, errMarshal }

// MarshalJSON refuses like MarshalText.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errMarshal }

package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

var errSecretLeaves = errors.New("a secret cannot be marshalled")

// Password is what a person typed. It prints and logs as "[redacted]" and
// refuses to be marshalled (R41).
type Password string

// Token is the secret that stands for a session or for an API token. Like a
// Password it never prints; Reveal is for the one answer that shows it.
type Token string

// The prefixes tell people, and scanners of leaked secrets, what they hold.
const (
	sessionPrefix = "bhs_"
	tokenPrefix   = "bhf_"
)

// tokenBytes is how much randomness a token holds.
const tokenBytes = 32

// hintLength is how much of an API token is kept to recognise it by: the
// prefix and four of its 43 characters.
const hintLength = len(tokenPrefix) + 4

func newToken(prefix string) Token {
	random := make([]byte, tokenBytes)
	_, _ = rand.Read(random) // never fails, see crypto/rand
	return Token(prefix + base64.RawURLEncoding.EncodeToString(random))
}

// Reveal returns the token itself.
func (t Token) Reveal() string { return string(t) }

// hash is what is stored. A token is random: one round of SHA-256 is enough.
func (t Token) hash() [32]byte { return sha256.Sum256([]byte(t)) }

// wellFormed reports whether it may be one of ours, before anything is asked
// of the database.
func (t Token) wellFormed() bool {
	text, found := strings.CutPrefix(string(t), sessionPrefix)
	if !found {
		text, found = strings.CutPrefix(string(t), tokenPrefix)
	}
	random, err := base64.RawURLEncoding.DecodeString(text)
	return found && err == nil && len(random) == tokenBytes
}

func (Password) String() string { return redacted }

// GoString redacts %#v.
func (Password) GoString() string { return redacted }

// Format redacts every verb.
func (Password) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue redacts structured logs.
func (Password) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText always fails, and with it encoding/json.
func (Password) MarshalText() ([]byte, error) { return nil, errSecretLeaves }

func (Token) String() string { return redacted }

// GoString redacts %#v.
func (Token) GoString() string { return redacted }

// Format redacts every verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue redacts structured logs.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText always fails, and with it encoding/json.
func (Token) MarshalText() ([]byte, error) { return nil, errSecretLeaves }

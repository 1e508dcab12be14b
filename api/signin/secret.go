package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"math/big"
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

// A token is its prefix, 32 random bytes as 43 base62 digits, and the CRC-32 of
// those as 6 more. Scanners for leaked secrets tell it from other text by that,
// and so does Identify before it asks the database. Their pattern:
// bh[fs]_[0-9A-Za-z]{49}
const (
	tokenBytes     = 32
	tokenDigits    = 43
	checksumDigits = 6
)

// hintLength is how much of an API token is kept to recognise it by: the
// prefix and four of its digits.
const hintLength = len(tokenPrefix) + 4

func newToken(prefix string) Token {
	random := make([]byte, tokenBytes)
	_, _ = rand.Read(random) // never fails, see crypto/rand
	digits := base62(new(big.Int).SetBytes(random), tokenDigits)
	return Token(prefix + digits + checksum(digits))
}

// base62 writes a number in 0-9, a-z, A-Z, with leading zeros.
func base62(number *big.Int, digits int) string {
	text := number.Text(62)
	return strings.Repeat("0", digits-len(text)) + text
}

func checksum(digits string) string {
	return base62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(digits)))), checksumDigits)
}

// Reveal returns the token itself.
func (t Token) Reveal() string { return string(t) }

// hash is what is stored. A token is random: one round of SHA-256 is enough.
func (t Token) hash() [32]byte { return sha256.Sum256([]byte(t)) }

// wellFormed reports whether it may be one of ours, before anything is asked
// of the database.
func (t Token) wellFormed() bool {
	digits, found := strings.CutPrefix(string(t), sessionPrefix)
	if !found {
		digits, found = strings.CutPrefix(string(t), tokenPrefix)
	}
	return found && len(digits) == tokenDigits+checksumDigits && checksum(digits[:tokenDigits]) == digits[tokenDigits:]
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

package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"

	"behalf/domain"
)

// UnsubscribeToken is the secret part of the link that ends mails of one kind
// to one person. It is derived from a key and stored nowhere, works as often as
// somebody likes, and can do nothing else. It prints as "[secret]".
type UnsubscribeToken string

const (
	unsubscribeLabel = "behalf unsubscribe link v1"
	longestToken     = 200 // characters; the kinds' names are short
)

// NewUnsubscribeToken derives the token of a link. The kind of a digest stands
// for everything that is gathered.
func NewUnsubscribeToken(key [32]byte, person domain.UserID, kind Kind) UnsubscribeToken {
	token := append(person[:], kind...)
	return UnsubscribeToken(base64.RawURLEncoding.EncodeToString(append(token, unsubscribeMAC(key, token)...)))
}

// Prove answers whose mails of which kind the token ends, and false when it was
// not made with this key. The comparison takes constant time.
func (t UnsubscribeToken) Prove(key [32]byte) (domain.UserID, Kind, bool) {
	if len(t) > longestToken {
		return domain.UserID{}, "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(t))
	said := len(raw) - sha256.Size
	if err != nil || said <= 16 || !hmac.Equal(raw[said:], unsubscribeMAC(key, raw[:said])) {
		return domain.UserID{}, "", false
	}
	return domain.UserID(raw[:16]), Kind(raw[16:said]), true
}

// Reveal returns the token itself, for the link in the mail and nothing else.
func (t UnsubscribeToken) Reveal() string { return string(t) }

// Format writes "[secret]" for every verb.
func (UnsubscribeToken) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

func (UnsubscribeToken) String() string       { return "[secret]" }
func (UnsubscribeToken) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText refuses to write a token anywhere by accident.
func (UnsubscribeToken) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

func unsubscribeMAC(key [32]byte, said []byte) []byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(unsubscribeLabel))
	mac.Write(said)
	return mac.Sum(nil)
}

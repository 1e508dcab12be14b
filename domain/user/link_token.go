package user

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"behalf/domain"
)

// LinkToken is the secret part of a link that is mailed to a person. Like an
// invitation's it is derived from a key and stored nowhere; what it stands for
// is written in it, and only the key's owner can write it. It prints as "[secret]".
type LinkToken string

const (
	linkHead  = 16 + 1 + 4 + 8 // person, purpose, generation, expiry
	linkLabel = "behalf person link v1"
)

// The places in this list are what tokens carry: it grows at its end alone.
var purposes = []Purpose{ToVerify, ToChangeAddress, ToResetPassword}

// NewLinkToken derives the token of a link.
func NewLinkToken(key [32]byte, link Link) LinkToken {
	token := make([]byte, 0, linkHead+sha256.Size)
	token = append(token, link.Person[:]...)
	token = append(token, byte(slices.Index(purposes, link.Purpose)+1))       //nolint:gosec // there are three
	token = binary.BigEndian.AppendUint32(token, uint32(link.Generation))     //nolint:gosec // counts mails, far below 2^32
	token = binary.BigEndian.AppendUint64(token, uint64(link.Expires.Unix())) //nolint:gosec // after 1970
	return LinkToken(base64.RawURLEncoding.EncodeToString(append(token, linkMAC(key, token)...)))
}

// Prove answers which link the token stands for, and false when it was not
// made with this key. The comparison takes constant time.
func (t LinkToken) Prove(key [32]byte) (Link, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil || len(raw) != linkHead+sha256.Size || !hmac.Equal(raw[linkHead:], linkMAC(key, raw[:linkHead])) {
		return Link{}, false
	}
	purpose := int(raw[16])
	if purpose < 1 || purpose > len(purposes) {
		return Link{}, false
	}
	return Link{
		Person:     domain.UserID(raw[:16]),
		Purpose:    purposes[purpose-1],
		Generation: int(binary.BigEndian.Uint32(raw[17:21])),
		Expires:    time.Unix(int64(binary.BigEndian.Uint64(raw[21:linkHead])), 0).UTC(), //nolint:gosec // as it was written
	}, true
}

// Reveal returns the token itself, for the link in the mail and nothing else.
func (t LinkToken) Reveal() string { return string(t) }

// Format writes "[secret]" for every verb.
func (LinkToken) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

func (LinkToken) String() string       { return "[secret]" }
func (LinkToken) GoString() string     { return "[secret]" }
func (LinkToken) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText refuses to write a token anywhere by accident.
func (LinkToken) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

func linkMAC(key [32]byte, head []byte) []byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(linkLabel))
	mac.Write(head)
	return mac.Sum(nil)
}

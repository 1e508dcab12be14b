package invitation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"

	"behalf/domain"
)

// Token is the secret part of an invitation's link. It is derived
// from a key, the workspace, the invitation and its generation, and is stored
// nowhere (R23). It prints as "[secret]".
type Token string

const (
	tokenIDs    = 16 + 16 + 4 // workspace, invitation, generation
	tokenLength = tokenIDs + sha256.Size
	tokenLabel  = "behalf invitation link v1"
)

// NewToken derives the token of a link.
func NewToken(key [32]byte, ws domain.WorkspaceID, link Link) Token {
	token := make([]byte, 0, tokenLength)
	token = append(token, ws[:]...)
	token = append(token, link.Invitation[:]...)
	token = binary.BigEndian.AppendUint32(token, uint32(link.Generation)) //nolint:gosec // generations count resends, far below 2^32
	return Token(base64.RawURLEncoding.EncodeToString(append(token, tokenMAC(key, token)...)))
}

// Prove answers which workspace and link the token stands for, and false when
// it was not made with this key. The comparison takes constant time.
func (t Token) Prove(key [32]byte) (domain.WorkspaceID, Link, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(string(t))
	if err != nil || len(raw) != tokenLength || !hmac.Equal(raw[tokenIDs:], tokenMAC(key, raw[:tokenIDs])) {
		return domain.WorkspaceID{}, Link{}, false
	}
	return domain.WorkspaceID(raw[:16]), Link{
		Invitation: domain.InvitationID(raw[16:32]),
		Generation: int(binary.BigEndian.Uint32(raw[32:tokenIDs])),
	}, true
}

// Reveal returns the token itself, for the link in the mail and nothing else.
func (t Token) Reveal() string { return string(t) }

// Format writes "[secret]" for every verb, the ones that do not suit a string
// included: fmt would show the value to complain about those.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

func (Token) String() string       { return "[secret]" }
func (Token) GoString() string     { return "[secret]" }
func (Token) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText refuses to write a token anywhere by accident.
func (Token) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

func tokenMAC(key [32]byte, ids []byte) []byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(tokenLabel))
	mac.Write(ids)
	return mac.Sum(nil)
}

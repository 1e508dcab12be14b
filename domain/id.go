package domain

import (
	"encoding/hex"
	"fmt"
)

// ID is a UUIDv7 that knows what it identifies. Outside the process it is
// written as the kind's prefix and 32 hexadecimal digits: "ws_0199…".
// The zero ID means "none" and is written as the empty string.
type ID[K Kind] [16]byte

// Kind names what an ID identifies.
type Kind interface{ Prefix() string }

type (
	workspaceKind  struct{}
	userKind       struct{}
	accountKind    struct{}
	postKind       struct{}
	invitationKind struct{}
	connectionKind struct{}
	attemptKind    struct{}
	mediaKind      struct{}
	commentKind    struct{}
	eventKind      struct{}
	exportKind     struct{}
)

func (workspaceKind) Prefix() string  { return "ws" }
func (userKind) Prefix() string       { return "usr" }
func (accountKind) Prefix() string    { return "acc" }
func (postKind) Prefix() string       { return "post" }
func (invitationKind) Prefix() string { return "inv" }
func (connectionKind) Prefix() string { return "con" }
func (attemptKind) Prefix() string    { return "att" }
func (mediaKind) Prefix() string      { return "med" }
func (commentKind) Prefix() string    { return "com" }
func (eventKind) Prefix() string      { return "evt" }
func (exportKind) Prefix() string     { return "exp" }

// The identifiers of the domain.
type (
	WorkspaceID  = ID[workspaceKind]
	UserID       = ID[userKind]
	AccountID    = ID[accountKind]
	PostID       = ID[postKind]
	InvitationID = ID[invitationKind]
	ConnectionID = ID[connectionKind]
	AttemptID    = ID[attemptKind]
	MediaID      = ID[mediaKind]
	CommentID    = ID[commentKind]
	EventID      = ID[eventKind]
	ExportID     = ID[exportKind]
)

// ParseID reads what String wrote. It refuses another kind's prefix.
func ParseID[K Kind](text string) (ID[K], error) {
	var id ID[K]
	err := id.UnmarshalText([]byte(text))
	return id, err
}

// IsZero reports whether the id is unset.
func (id ID[K]) IsZero() bool { return id == ID[K]{} }

func (id ID[K]) String() string {
	text, _ := id.MarshalText() // never fails
	return string(text)
}

// MarshalText writes the prefixed form.
func (id ID[K]) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return []byte{}, nil
	}
	var k K
	prefix := k.Prefix()
	text := append(make([]byte, 0, len(prefix)+1+2*len(id)), prefix...)
	return hex.AppendEncode(append(text, '_'), id[:]), nil
}

// UnmarshalText reads the prefixed form; the empty text is the zero id.
// The error names the expected form and never repeats what was sent.
func (id *ID[K]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID[K]{}
		return nil
	}
	var k K
	var read ID[K]
	prefix := k.Prefix()
	digits := len(prefix) + 1 // from there on
	if len(text) != digits+hex.EncodedLen(len(read)) || string(text[:digits-1]) != prefix || text[digits-1] != '_' {
		return idFormError(k)
	}
	if _, err := hex.Decode(read[:], text[digits:]); err != nil || read.IsZero() {
		return idFormError(k)
	}
	*id = read
	return nil
}

func idFormError(k Kind) error {
	return fmt.Errorf("an id of this kind is %q and 32 hexadecimal digits", k.Prefix()+"_")
}

package domain

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Category is the kind of aggregate that a stream belongs to.
type Category string

// The categories of streams.
const (
	WorkspaceStreams Category = "workspace"
	AccountStreams   Category = "account"
	PostStreams      Category = "post"
	UserStreams      Category = "user"
)

// Stream names the history of one aggregate. It is written
// "category-<32 hexadecimal digits>".
type Stream struct {
	Category Category
	ID       [16]byte
}

// StreamOf names the stream of the aggregate that id identifies.
func StreamOf[K Kind](category Category, id ID[K]) Stream {
	return Stream{Category: category, ID: id}
}

func (s Stream) String() string { return string(s.Category) + "-" + hex.EncodeToString(s.ID[:]) }

// ParseStream reads what String wrote.
func ParseStream(text string) (Stream, error) {
	category, digits, found := strings.Cut(text, "-")
	id, err := hex.DecodeString(digits)
	if !found || err != nil || len(id) != 16 || category == "" {
		return Stream{}, fmt.Errorf("malformed stream name")
	}
	return Stream{Category: Category(category), ID: [16]byte(id)}, nil
}

// MarshalText writes the stream's name.
func (s Stream) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the stream's name.
func (s *Stream) UnmarshalText(text []byte) error {
	read, err := ParseStream(string(text))
	if err == nil {
		*s = read
	}
	return err
}

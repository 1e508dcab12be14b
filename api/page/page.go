// Package page cuts lists into pages. A cursor names a place in a stable order,
// the key of the last row that was shown: what is added or removed meanwhile
// neither repeats nor hides a row.
//
// A cursor is opaque, and good for the list, the reader and the filters that it
// was made for. It holds nothing but what its page showed, so that nothing is
// gained by forging one: what may be seen is decided anew for each page (R64).
package page

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"behalf/api/problem"
)

// In is the part of a list's input that says which page is asked for.
type In struct {
	Cursor string `query:"cursor" maxLength:"600" doc:"The next of the page before; none for the first one."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most."`
}

// Out is the part of a list's answer that says where the next page begins.
type Out struct {
	Next string `json:"next,omitempty" doc:"Name it as cursor= to get the next page; absent on the last one."`
}

// List names a list: which one, of what, by which filters, seen by whom.
type List []any

// sumBytes of a cursor say which list it is of.
const sumBytes = 9

// After decodes a cursor into the key of the last row that was shown. It
// answers nil when the first page is asked for.
func After[K any](in In, list List) (*K, error) {
	if in.Cursor == "" {
		return nil, nil //nolint:nilnil // the first page is an ordinary case
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(in.Cursor)
	if err != nil || len(raw) <= sumBytes {
		return nil, refused()
	}
	sum, err := list.sum(raw[sumBytes:])
	if err != nil {
		return nil, err
	}
	var key K
	decoder := json.NewDecoder(bytes.NewReader(raw[sumBytes:]))
	decoder.DisallowUnknownFields()
	if subtle.ConstantTimeCompare(sum, raw[:sumBytes]) != 1 || decoder.Decode(&key) != nil {
		return nil, refused()
	}
	return &key, nil
}

// Cut shows as many rows as were asked for, of one more that were read, and
// says where the next page begins.
func Cut[R, K any](in In, list List, rows []R, key func(R) K) ([]R, Out, error) {
	if len(rows) <= in.Limit {
		return rows, Out{}, nil
	}
	rows = rows[:in.Limit]
	written, err := json.Marshal(key(rows[len(rows)-1]))
	if err != nil {
		return nil, Out{}, fmt.Errorf("write a cursor: %w", err)
	}
	sum, err := list.sum(written)
	if err != nil {
		return nil, Out{}, err
	}
	return rows, Out{Next: base64.RawURLEncoding.EncodeToString(append(sum, written...))}, nil
}

func (l List) sum(key []byte) ([]byte, error) {
	named, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("name a list: %w", err)
	}
	sum := sha256.Sum256(append(append(named, 0), key...))
	return sum[:sumBytes], nil
}

func refused() error {
	return problem.New(http.StatusBadRequest, "bad_cursor", "The cursor is none of this list's, or of other filters. Begin with the first page.",
		problem.Fault{Location: "query.cursor", Message: "the next of the page before, with the same filters"})
}

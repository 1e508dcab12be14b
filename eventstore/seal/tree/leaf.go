// Package tree hashes the log into a Merkle tree as RFC 6962, section 2.1,
// defines it. It knows what a leaf is and how a tree grows; where hashes are
// kept and who signs them is the business of package seal.
package tree

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"behalf/domain"
)

// Event is an event with every column that a leaf covers, as exports and
// proofs carry it. Its JSON form reads back to the same leaf.
type Event struct {
	Position   int64              `json:"position"`
	Workspace  domain.WorkspaceID `json:"workspace,omitzero"`
	Stream     string             `json:"stream"`
	Version    int32              `json:"version"`
	ID         domain.EventID     `json:"id"`
	Type       string             `json:"type"`
	Data       Bytes              `json:"data"`
	Metadata   Bytes              `json:"metadata"`
	RecordedAt time.Time          `json:"recorded_at"` // UTC, microseconds
}

// columns is how many columns a leaf covers: the first two bytes of its encoding.
const columns = 9

// null is the length that stands for a column without a value.
const null = ^uint32(0)

// epoch is where PostgreSQL's timestamps begin to count.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// Encode returns the bytes that the event's leaf is the hash of. They are the
// event's row in PostgreSQL's binary COPY format: the number of columns in two
// bytes, then each column's length in four (all ones for null) and its value;
// integers are big-endian, times microseconds since 2000-01-01 UTC.
func (e Event) Encode() []byte {
	encoded := make([]byte, 0, 128+len(e.Stream)+len(e.Type)+len(e.Data)+len(e.Metadata))
	encoded = binary.BigEndian.AppendUint16(encoded, columns)
	encoded = appendInt(encoded, e.Position)
	if e.Workspace.IsZero() {
		encoded = binary.BigEndian.AppendUint32(encoded, null)
	} else {
		encoded = appendColumn(encoded, e.Workspace[:])
	}
	encoded = appendColumn(encoded, []byte(e.Stream))
	encoded = binary.BigEndian.AppendUint32(encoded, 4)
	encoded = binary.BigEndian.AppendUint32(encoded, uint32(e.Version)) //nolint:gosec // G115: two's complement is meant
	encoded = appendColumn(encoded, e.ID[:])
	encoded = appendColumn(encoded, []byte(e.Type))
	encoded = appendColumn(encoded, e.Data)
	encoded = appendColumn(encoded, e.Metadata)
	return appendInt(encoded, e.RecordedAt.UnixMicro()-epoch.UnixMicro())
}

// Leaf returns the hash of the event's leaf.
func (e Event) Leaf() tlog.Hash { return tlog.RecordHash(e.Encode()) }

func appendInt(to []byte, value int64) []byte {
	to = binary.BigEndian.AppendUint32(to, 8)
	return binary.BigEndian.AppendUint64(to, uint64(value)) //nolint:gosec // G115: two's complement is meant
}

func appendColumn(to, value []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(value))) //nolint:gosec // G115: a column has at most 1 GB
	return append(to, value...)
}

// Decode reads what Encode wrote.
func Decode(encoded []byte) (Event, error) {
	row := fields{rest: encoded}
	if row.take(2); row.failed || binary.BigEndian.Uint16(encoded) != columns {
		return Event{}, fmt.Errorf("a row does not have %d columns", columns)
	}
	var e Event
	e.Position = row.int()
	copy(e.Workspace[:], row.sized(16, true))
	e.Stream = string(row.column())
	e.Version = row.short()
	copy(e.ID[:], row.sized(16, false))
	e.Type = string(row.column())
	e.Data = append(Bytes{}, row.column()...)
	e.Metadata = append(Bytes{}, row.column()...)
	e.RecordedAt = time.UnixMicro(row.int() + epoch.UnixMicro()).UTC()
	if row.failed || len(row.rest) > 0 {
		return Event{}, errors.New("a row is not encoded as expected")
	}
	return e, nil
}

// fields takes columns off a row; after the first that is not there it has failed.
type fields struct {
	rest   []byte
	failed bool
}

func (f *fields) take(n int) []byte {
	if f.failed = f.failed || n > len(f.rest); f.failed {
		return nil
	}
	taken := f.rest[:n]
	f.rest = f.rest[n:]
	return taken
}

func (f *fields) sized(n uint32, optional bool) []byte {
	length := f.take(4)
	if f.failed || optional && binary.BigEndian.Uint32(length) == null {
		return nil
	}
	f.failed = binary.BigEndian.Uint32(length) != n
	return f.take(int(n))
}

func (f *fields) int() int64 {
	if value := f.sized(8, false); !f.failed {
		return int64(binary.BigEndian.Uint64(value)) //nolint:gosec // G115: two's complement is meant
	}
	return 0
}

func (f *fields) short() int32 {
	if value := f.sized(4, false); !f.failed {
		return int32(binary.BigEndian.Uint32(value)) //nolint:gosec // G115: two's complement is meant
	}
	return 0
}

func (f *fields) column() []byte {
	length := f.take(4)
	if f.failed {
		return nil
	}
	return f.take(int(binary.BigEndian.Uint32(length)))
}

// Bytes is a column's exact content. In JSON it is a string where it is UTF-8,
// as events' data always is, and {"base64":"…"} where it is not.
type Bytes []byte

type encodedBytes struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes the bytes so that none is lost.
func (b Bytes) MarshalJSON() ([]byte, error) {
	if utf8.Valid(b) {
		return json.Marshal(string(b))
	}
	return json.Marshal(encodedBytes{b})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Bytes) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		var encoded encodedBytes
		err := json.Unmarshal(text, &encoded)
		*b = encoded.Base64
		return err
	}
	var content string
	err := json.Unmarshal(text, &content)
	*b = Bytes(content)
	return err
}

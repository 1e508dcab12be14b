package tree

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Leaf is one event's leaf.
type Leaf struct {
	Position int64
	Hash     tlog.Hash
}

// A block is handed on once it has this many rows or bytes.
const (
	blockRows  = 256
	blockBytes = 1 << 20
)

// signature begins a binary COPY; two words of flags and extension follow it.
const signature = "PGCOPY\n\xff\r\n\x00"

const headerSize = len(signature) + 8

// endOfRows stands where the next row's number of columns would.
const endOfRows = 0xffff

var errCopyFormat = errors.New("the rows are not in binary COPY format")

// block is a piece of the rows' stream: whole rows and where they end. The
// byte before each row may be overwritten: the first one is spare, the others
// are the last byte of the row before.
type block struct {
	content []byte
	ends    []int
	parsed  int // up to where content is whole rows
	leaves  []Leaf
}

func newBlock() *block {
	return &block{content: make([]byte, 1, blockBytes+blockBytes/8), ends: make([]int, 0, blockRows), parsed: 1}
}

// reset empties the block and begins with what the one before had too much of.
func (b *block) reset(rest []byte) {
	b.content = append(b.content[:1], rest...)
	b.ends, b.leaves, b.parsed = b.ends[:0], b.leaves[:0], 1
}

func (b *block) full() bool { return len(b.ends) >= blockRows || b.parsed >= blockBytes }

// parse finds the rows that are complete by now, and whether the stream has ended.
func (b *block) parse() (ended bool, err error) {
	for !b.full() {
		row := b.content[b.parsed:]
		if len(row) < 2 {
			return false, nil
		}
		switch count := binary.BigEndian.Uint16(row); count {
		case columns:
		case endOfRows:
			return true, nil
		default:
			return false, fmt.Errorf("%w: %d columns", errCopyFormat, count)
		}
		length := rowLength(row)
		if length == 0 {
			return false, nil
		}
		b.parsed += length
		b.ends = append(b.ends, b.parsed)
	}
	return false, nil
}

// rowLength is how long the row is that begins here; 0 while it is incomplete.
func rowLength(row []byte) int {
	at := 2
	for range columns {
		if len(row) < at+4 {
			return 0
		}
		length := binary.BigEndian.Uint32(row[at:])
		at += 4
		if length != null {
			at += int(length)
		}
	}
	if len(row) < at {
		return 0
	}
	return at
}

// hash fills in the leaves. It overwrites the last byte of rows, each after
// its own hash is taken: the leaf's prefix of RFC 6962 is then in place
// without copying the row.
func (b *block) hash() {
	begin := 1
	for _, end := range b.ends {
		b.content[begin-1] = 0x00
		b.leaves = append(b.leaves, Leaf{
			Position: int64(binary.BigEndian.Uint64(b.content[begin+6:])), //nolint:gosec // G115: positions are not negative
			Hash:     sha256.Sum256(b.content[begin-1 : end]),
		})
		begin = end
	}
}

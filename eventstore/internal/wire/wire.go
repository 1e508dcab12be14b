// Package wire writes and reads parameters and results in Postgres's binary format.
//
// An append sends seventeen of them. pgx finds out for every element how to
// encode it; here that is known, and a whole call needs one buffer.
package wire

import (
	"encoding/binary"
	"errors"
	"sync"
)

// The types of elements.
const (
	bytea = 17
	int8s = 20
	int4s = 23
	text  = 25
	uuids = 2950
)

// Arrays are the parameters of a statement, one after the other.
type Arrays struct {
	buffer []byte
	ends   []int
	values [][]byte
}

var pool = sync.Pool{New: func() any { return new(Arrays) }}

// New returns empty arrays; give them back with Free.
func New() *Arrays {
	a := pool.Get().(*Arrays)
	a.buffer, a.ends, a.values = a.buffer[:0], a.ends[:0], a.values[:0]
	return a
}

// keep is how large a buffer may be to be used again.
const keep = 1 << 21

// Free gives the arrays back. They must not be used any more.
func (a *Arrays) Free() {
	if cap(a.buffer) <= keep {
		clear(a.values)
		pool.Put(a)
	}
}

// Values returns the arrays; they are valid until Free.
func (a *Arrays) Values() [][]byte {
	begin := 0
	for _, end := range a.ends {
		a.values = append(a.values, a.buffer[begin:end:end])
		begin = end
	}
	return a.values
}

// begin writes an array's head: dimensions, whether there may be nulls, the
// elements' type, their number and the lower bound.
func (a *Arrays) begin(kind uint32, elements int, nulls uint32) {
	if elements == 0 {
		a.buffer = binary.BigEndian.AppendUint32(a.buffer, 0)
		a.buffer = binary.BigEndian.AppendUint32(a.buffer, 0)
		a.buffer = binary.BigEndian.AppendUint32(a.buffer, kind)
		return
	}
	for _, part := range [...]uint32{1, nulls, kind, uint32(elements), 1} { //nolint:gosec // G115: counted in memory
		a.buffer = binary.BigEndian.AppendUint32(a.buffer, part)
	}
}

func (a *Arrays) end() { a.ends = append(a.ends, len(a.buffer)) }

func (a *Arrays) size(bytes int) {
	a.buffer = binary.BigEndian.AppendUint32(a.buffer, uint32(bytes)) //nolint:gosec // G115: a parameter has less than 1 GB
}

// Int4s adds an int[].
func (a *Arrays) Int4s(elements int, each func(yield func(int))) {
	a.begin(int4s, elements, 0)
	each(func(value int) {
		a.size(4)
		a.buffer = binary.BigEndian.AppendUint32(a.buffer, uint32(int32(value))) //nolint:gosec // G115: versions and places are as wide
	})
	a.end()
}

// Int8s adds a bigint[].
func (a *Arrays) Int8s(elements int, each func(yield func(int64))) {
	a.begin(int8s, elements, 0)
	each(func(value int64) {
		a.size(8)
		a.buffer = binary.BigEndian.AppendUint64(a.buffer, uint64(value)) //nolint:gosec // G115: two's complement
	})
	a.end()
}

// Texts adds a text[].
func (a *Arrays) Texts(elements int, each func(yield func(string))) {
	a.begin(text, elements, 0)
	each(func(value string) {
		a.size(len(value))
		a.buffer = append(a.buffer, value...)
	})
	a.end()
}

// Byteas adds a bytea[].
func (a *Arrays) Byteas(elements int, each func(yield func([]byte))) {
	a.begin(bytea, elements, 0)
	each(func(value []byte) {
		a.size(len(value))
		a.buffer = append(a.buffer, value...)
	})
	a.end()
}

// null is the size of an element that is not there.
const null = 1<<32 - 1

// UUIDs adds a uuid[]; the zero value is null.
func (a *Arrays) UUIDs(elements int, each func(yield func([16]byte))) {
	a.begin(uuids, elements, 1)
	each(func(value [16]byte) {
		if value == [16]byte{} {
			a.buffer = binary.BigEndian.AppendUint32(a.buffer, null)
			return
		}
		a.size(len(value))
		a.buffer = append(a.buffer, value[:]...)
	})
	a.end()
}

// errMalformed says that an answer is not what was asked for.
var errMalformed = errors.New("malformed value")

// head is how long the head of an array with one dimension is.
const head = 20

// ReadInts reads an int[] or a bigint[] without nulls. A null array is empty.
func ReadInts(from []byte) ([]int64, error) {
	if len(from) < 4 || binary.BigEndian.Uint32(from) == 0 {
		return nil, nil
	}
	if len(from) < head || binary.BigEndian.Uint32(from) != 1 {
		return nil, errMalformed
	}
	width := map[uint32]int{int4s: 4, int8s: 8}[binary.BigEndian.Uint32(from[8:])]
	elements := int(binary.BigEndian.Uint32(from[12:]))
	from = from[head:]
	if width == 0 || len(from) != elements*(4+width) {
		return nil, errMalformed
	}
	values := make([]int64, elements)
	for i := range values {
		if int(binary.BigEndian.Uint32(from)) != width {
			return nil, errMalformed
		}
		if width == 4 {
			values[i] = int64(int32(binary.BigEndian.Uint32(from[4:]))) //nolint:gosec // G115: two's complement
		} else {
			values[i] = int64(binary.BigEndian.Uint64(from[4:])) //nolint:gosec // G115: two's complement
		}
		from = from[4+width:]
	}
	return values, nil
}

package rows

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"
)

// Fold takes the changes of many events together: of all that happens to a row
// it keeps what is left in the end, and writes that in bulk. The zero Fold is
// empty; it is not safe for concurrent use.
type Fold struct {
	tables []*folded // in the order of their first change
	rows   int
}

// folded is what becomes of one table.
type folded struct {
	shape *Shape
	broad []Change // those that name rows by part of the key, in order
	fates map[string]*fate
	order []*fate
	first map[any][]*fate // by the first column of a key that has several
}

// fate is what becomes of one row: it is written whole (put), or some of its
// columns change, or it is deleted (gone).
type fate struct {
	key    string
	values []any // by column, as parameters
	set    uint64
	put    bool
	gone   bool
}

// Rows answers how many rows have a fate.
func (f *Fold) Rows() int { return f.rows }

// Add takes the changes of one event, in their order: all or, with an error, none.
func (f *Fold) Add(changes []Change) error {
	for _, change := range changes {
		if err := change.Check(); err != nil {
			return err
		}
	}
	ready := make([][]any, len(changes))
	for i, change := range changes {
		var err error
		if ready[i], err = change.Table.parameters(change); err != nil {
			return fmt.Errorf("write %s: %w", change.Table.Name, err)
		}
	}
	for i, change := range changes {
		f.of(change.Table).take(f, change, ready[i])
	}
	return nil
}

// parameters places a change's values, those of its key included, by column.
func (s *Shape) parameters(change Change) ([]any, error) {
	values := make([]any, len(s.Columns))
	for _, some := range []Values{change.Key, change.Set} {
		for column, value := range some {
			var err error
			if values[s.place[column]], err = parameter(value); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}

func (f *Fold) of(shape *Shape) *folded {
	for _, table := range f.tables {
		if table.shape == shape {
			return table
		}
	}
	table := &folded{shape: shape, fates: map[string]*fate{}, first: map[any][]*fate{}}
	f.tables = append(f.tables, table)
	return table
}

func (t *folded) take(f *Fold, change Change, values []any) {
	if change.Kind != Put && len(change.Key) < len(t.shape.Key) {
		t.takeBroad(change, values)
		return
	}
	key := t.shape.key(values)
	one, known := t.fates[key]
	if !known {
		one = &fate{key: key, values: values}
		t.fates[key] = one
		t.order = append(t.order, one)
		if len(t.shape.Key) > 1 {
			first := values[t.shape.keyAt[0]]
			t.first[first] = append(t.first[first], one)
		}
		f.rows++
	}
	switch change.Kind {
	case Put:
		*one = fate{key: key, values: values, put: true}
	case Delete:
		*one = fate{key: key, values: values, gone: true}
	default:
		one.patch(t.shape, change.Set, values)
	}
}

// takeBroad changes the rows that are here; those that are in the table alone
// are changed before anything else is written (see Write).
func (t *folded) takeBroad(change Change, values []any) {
	t.broad = append(t.broad, change)
	among := t.order
	if _, named := change.Key[t.shape.Key[0]]; named {
		among = t.first[values[t.shape.keyAt[0]]]
	}
	for _, one := range among {
		matches := true
		for column := range change.Key {
			place := t.shape.place[column]
			matches = matches && one.values[place] == values[place]
		}
		switch {
		case !matches:
		case change.Kind == Delete:
			*one = fate{key: one.key, values: one.values, gone: true}
		default:
			one.patch(t.shape, change.Set, values)
		}
	}
}

// patch changes columns of a row, unless there is none any more.
func (one *fate) patch(shape *Shape, set Values, values []any) {
	if one.gone {
		return
	}
	for column := range set {
		place := shape.place[column]
		one.values[place] = values[place]
		one.set |= 1 << place
	}
}

// key is the values of a row's key, as bytes.
func (s *Shape) key(values []any) string {
	key := make([]byte, 0, 16*len(s.keyAt))
	for _, place := range s.keyAt {
		switch value := values[place].(type) {
		case pgtype.UUID:
			key = append(key, value.Bytes[:]...)
		case int:
			key = binary.BigEndian.AppendUint64(key, uint64(value)) //nolint:gosec // G115: the same bits
		default:
			text := fmt.Sprint(value)
			key = binary.BigEndian.AppendUint64(key, uint64(len(text)))
			key = append(key, text...)
		}
	}
	return string(key)
}

// columnsOf lists the places of a fate's changed columns.
func columnsOf(set uint64) (places []int) {
	for place := range maxColumns {
		if set&(1<<place) != 0 {
			places = append(places, place)
		}
	}
	return places
}

// groups sorts a table's rows by what has to be written of them.
func (t *folded) groups() (puts, gone []*fate, patches map[uint64][]*fate) {
	patches = map[uint64][]*fate{}
	for _, one := range t.order {
		switch {
		case one.put:
			puts = append(puts, one)
		case one.gone:
			gone = append(gone, one)
		case one.set != 0:
			patches[one.set] = append(patches[one.set], one)
		}
	}
	return puts, gone, patches
}

// sortedSets lists the sets of columns in a fixed order.
func sortedSets(patches map[uint64][]*fate) []uint64 { return slices.Sorted(maps.Keys(patches)) }

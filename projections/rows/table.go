package rows

import (
	"fmt"
	"reflect"
	"slices"
)

// Shape is a table's name, its columns in order and those that are its key.
type Shape struct {
	Name    string // without its schema: "members"
	Columns []string
	Key     []string

	place map[string]int // of each column
	keyAt []int          // the places of the key's columns
}

// Table is a table whose rows are of the Go type R: a struct whose `db` tags
// name the columns.
type Table[R any] struct{ Shape *Shape }

// maxColumns is how many columns a table may have: a Fold keeps one bit for each.
const maxColumns = 64

// NewTable describes a table. It panics when R has no columns, a key is not
// among them, or there is nothing but the key: that is a mistake in the program.
func NewTable[R any](name string, key ...string) Table[R] {
	shape := &Shape{Name: name, Key: key, place: map[string]int{}}
	for i, field := range fieldsOf(reflect.TypeFor[R]()) {
		shape.Columns = append(shape.Columns, field.column)
		shape.place[field.column] = i
	}
	if len(shape.Columns) > maxColumns {
		panic(fmt.Sprintf("%s has more than %d columns", name, maxColumns))
	}
	if len(key) == 0 || len(key) >= len(shape.Columns) {
		panic(fmt.Sprintf("%s needs a key and columns besides it", name))
	}
	for _, column := range key {
		if !slices.Contains(shape.Columns, column) {
			panic(fmt.Sprintf("%s has no column %q for its key", name, column))
		}
		shape.keyAt = append(shape.keyAt, shape.place[column])
	}
	return Table[R]{Shape: shape}
}

// Put writes the whole row, instead of the one with the same key if there is one.
func (t Table[R]) Put(row R) Change {
	set := make(Values, len(t.Shape.Columns))
	value := reflect.ValueOf(row)
	for _, field := range fieldsOf(value.Type()) {
		set[field.column] = value.FieldByIndex(field.index).Interface()
	}
	return Change{Kind: Put, Table: t.Shape, Set: set}
}

// Patch changes columns of the rows that key names: one row, or several when
// it is only part of the table's key.
func (t Table[R]) Patch(key, set Values) Change {
	return Change{Kind: Patch, Table: t.Shape, Key: key, Set: set}
}

// Delete removes the rows that key names.
func (t Table[R]) Delete(key Values) Change {
	return Change{Kind: Delete, Table: t.Shape, Key: key}
}

// Check reports a change that does not fit its table: a key that is not part
// of the table's, a column that it does not have or that a Put leaves out.
func (c Change) Check() error {
	known := func(values Values, among []string) error {
		for column := range values {
			if !slices.Contains(among, column) {
				return fmt.Errorf("%s: column %q cannot stand here", c.Table.Name, column)
			}
		}
		return nil
	}
	if err := known(c.Key, c.Table.Key); err != nil {
		return err
	}
	if err := known(c.Set, c.Table.Columns); err != nil {
		return err
	}
	switch {
	case c.Kind == Put && len(c.Set) == len(c.Table.Columns) && c.Key == nil:
	case c.Kind == Patch && len(c.Key) > 0 && len(c.Set) > 0:
	case c.Kind == Delete && len(c.Key) > 0 && c.Set == nil:
	default:
		return fmt.Errorf("%s: a change that is incomplete or says too much", c.Table.Name)
	}
	for _, column := range c.Table.Key {
		if _, moved := c.Set[column]; moved && c.Kind == Patch {
			return fmt.Errorf("%s: a patch cannot move the key column %q", c.Table.Name, column)
		}
	}
	return nil
}

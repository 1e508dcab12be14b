// Package rows describes what an event changes in the tables of a view, as
// plain data: handlers answer Changes, and a Writer applies them. The live
// writer is here; whoever fills a table in bulk applies the same changes. Questions
// are queued, and their rows read into structs, by the same names of columns.
package rows

import "context"

// Change is one change to the rows of one table.
type Change struct {
	Kind  Kind
	Table *Shape
	Key   Values // Patch and Delete: which rows; part of the table's key names several
	Set   Values // Put: every column of the row; Patch: the columns that change
}

// Kind is what a change does.
type Kind uint8

// The kinds of change.
const (
	Put    Kind = iota + 1 // the whole row, whether or not there was one with its key
	Patch                  // some columns of the rows that the key names; there may be none
	Delete                 // the rows that the key names; there may be none
)

// Values are a row's columns, or some of them. The zero id and the zero time
// stand for null; slices and maps are written as JSON.
type Values map[string]any

// Writer applies row changes.
type Writer interface {
	// Apply applies the changes of one event, in their order: all or none.
	Apply(ctx context.Context, changes []Change) error
}

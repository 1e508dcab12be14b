package rows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Target is where a Fold is written.
type Target struct {
	Schema string // where the tables are
	// New remembers the rows that were written, when the tables were empty at
	// first and nobody else writes them; rows that it does not know are copied
	// straight in. Nil when any row may be there already.
	New *Seen
}

// Joins of a few thousand rows with a large table by its key: what a plan that
// knows nothing of the staged rows might do instead is read the whole table.
const sqlByKey = `
select
	set_config('enable_hashjoin', 'off', true),
	set_config('enable_mergejoin', 'off', true)`

// Write writes what is left of the changes, in a few statements per table, in
// a transaction that somebody else commits.
func (f *Fold) Write(ctx context.Context, tx pgx.Tx, target Target) error {
	if _, err := tx.Exec(ctx, sqlByKey); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	for _, table := range f.tables {
		if err := table.write(ctx, tx, target); err != nil {
			return fmt.Errorf("write %s: %w", table.shape.Name, err)
		}
	}
	return nil
}

// write does the broad changes first: what the rows that have a fate here owe
// to them is part of it.
func (t *folded) write(ctx context.Context, tx pgx.Tx, target Target) error {
	if err := t.writeBroad(ctx, tx, target); err != nil {
		return err
	}
	shape, name := t.shape, t.shape.in(target.Schema)
	puts, gone, patches := t.groups()
	if len(gone) > 0 {
		err := staged(ctx, tx, name, shape, shape.keyAt, gone, "delete from "+name+" as t\nusing pg_temp.staged as s\nwhere "+shape.same())
		if err != nil {
			return err
		}
	}
	fresh, others := target.New.split(shape, puts)
	if len(fresh) > 0 {
		if err := copyRows(ctx, tx, pgx.Identifier(strings.Split(name, ".")), shape, every(shape), fresh); err != nil {
			return err
		}
	}
	if len(others) > 0 {
		columns := strings.Join(shape.Columns, ", ")
		err := staged(ctx, tx, name, shape, every(shape), others,
			"insert into "+name+" ("+columns+")\nselect "+columns+"\nfrom pg_temp.staged"+shape.onConflict())
		if err != nil {
			return err
		}
	}
	for _, set := range sortedSets(patches) {
		var terms []string
		for _, place := range columnsOf(set) {
			terms = append(terms, shape.Columns[place]+" = s."+shape.Columns[place])
		}
		err := staged(ctx, tx, name, shape, append(slices.Clone(shape.keyAt), columnsOf(set)...), patches[set],
			"update "+name+" as t\nset "+strings.Join(terms, ", ")+"\nfrom pg_temp.staged as s\nwhere "+shape.same())
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *folded) writeBroad(ctx context.Context, tx pgx.Tx, target Target) error {
	if len(t.broad) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	for _, change := range t.broad {
		if err := change.queue(batch, target.Schema); err != nil {
			return err
		}
	}
	return tx.SendBatch(ctx, batch).Close()
}

// staged copies columns of rows into a temporary table of which a statement
// makes use: Postgres copies into no table with row-level security.
func staged(ctx context.Context, tx pgx.Tx, name string, shape *Shape, places []int, rows []*fate, statement string) error {
	names := make([]string, len(places))
	for i, place := range places {
		names[i] = shape.Columns[place]
	}
	_, err := tx.Exec(ctx, "create temporary table staged on commit drop as\nselect "+strings.Join(names, ", ")+"\nfrom "+name+"\nwith no data",
		pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return err
	}
	if err := copyRows(ctx, tx, pgx.Identifier{"pg_temp", "staged"}, shape, places, rows); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "drop table pg_temp.staged", pgx.QueryExecModeSimpleProtocol)
	return err
}

func copyRows(ctx context.Context, tx pgx.Tx, into pgx.Identifier, shape *Shape, places []int, rows []*fate) error {
	names := make([]string, len(places))
	for i, place := range places {
		names[i] = shape.Columns[place]
	}
	values := make([]any, len(places))
	_, err := tx.CopyFrom(ctx, into, names, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		for at, place := range places {
			values[at] = rows[i].values[place]
		}
		return values, nil
	}))
	return err
}

// every lists the places of all columns.
func every(shape *Shape) []int {
	places := make([]int, len(shape.Columns))
	for i := range places {
		places[i] = i
	}
	return places
}

// same compares the keys of t and s.
func (s *Shape) same() string {
	terms := make([]string, len(s.Key))
	for i, column := range s.Key {
		terms[i] = "t." + column + " = s." + column
	}
	return strings.Join(terms, " and ")
}

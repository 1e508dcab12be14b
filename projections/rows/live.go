package rows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Live applies changes one by one in a transaction that somebody else commits.
// It is what a view follows the log with.
type Live struct {
	Tx     pgx.Tx
	Schema string // where the tables are; empty for wherever the connection finds them
}

// ErrLost says that the transaction cannot go on: its connection is gone.
var ErrLost = errors.New("the transaction is lost")

// Apply sends the changes in one round trip, under a savepoint: when one of
// them fails, none of them has happened and the transaction can go on.
func (l Live) Apply(ctx context.Context, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue("savepoint event")
	for _, change := range changes {
		if err := change.Check(); err != nil {
			return err
		}
		if err := change.queue(batch, l.Schema); err != nil {
			return fmt.Errorf("write %s: %w", change.Table.Name, err)
		}
	}
	batch.Queue("release savepoint event")
	if err := l.Tx.SendBatch(ctx, batch).Close(); err != nil {
		if _, undone := l.Tx.Exec(ctx, "rollback to savepoint event"); undone != nil {
			return fmt.Errorf("write rows: %w: %w, and undo them: %w", ErrLost, err, undone)
		}
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// queue adds the statement of a change.
func (c Change) queue(batch *pgx.Batch, schema string) error {
	statement, values := c.SQL(schema)
	parameters := make([]any, len(values))
	for i, value := range values {
		var err error
		if parameters[i], err = parameter(value); err != nil {
			return err
		}
	}
	batch.Queue(statement, parameters...)
	return nil
}

// SQL answers the statement of a change and its parameters in order. The text
// depends on the table and the columns alone, so that it is prepared once.
func (c Change) SQL(schema string) (statement string, values []any) {
	switch c.Kind {
	case Put:
		for _, column := range c.Table.Columns {
			values = append(values, c.Set[column])
		}
		return c.Table.upsert(schema), values
	case Patch:
		set, values := assignments(c.Set, 0)
		key, more := assignments(c.Key, len(values))
		return "update " + c.Table.in(schema) +
			"\nset " + strings.Join(set, ", ") +
			"\nwhere " + strings.Join(key, " and "), append(values, more...)
	default:
		key, values := assignments(c.Key, 0)
		return "delete from " + c.Table.in(schema) +
			"\nwhere " + strings.Join(key, " and "), values
	}
}

// in is the table's name in a schema.
func (s *Shape) in(schema string) string {
	if schema == "" {
		return s.Name
	}
	return schema + "." + s.Name
}

func (s *Shape) upsert(schema string) string {
	places := make([]string, len(s.Columns))
	for i := range s.Columns {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return "insert into " + s.in(schema) + " (" + strings.Join(s.Columns, ", ") + ")" +
		"\nvalues (" + strings.Join(places, ", ") + ")" +
		s.onConflict()
}

// onConflict lets the whole row replace the one with its key.
func (s *Shape) onConflict() string {
	var replaced []string
	for _, column := range s.Columns {
		if !slices.Contains(s.Key, column) {
			replaced = append(replaced, column+" = excluded."+column)
		}
	}
	return "\non conflict (" + strings.Join(s.Key, ", ") + ") do update" +
		"\nset " + strings.Join(replaced, ", ")
}

// assignments answers "column = $n" for each column by name, numbered behind
// the parameters that come before.
func assignments(of Values, before int) (terms []string, values []any) {
	for _, column := range slices.Sorted(maps.Keys(of)) {
		values = append(values, of[column])
		terms = append(terms, fmt.Sprintf("%s = $%d", column, before+len(values)))
	}
	return terms, values
}

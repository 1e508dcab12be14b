package rows

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Live applies changes one by one in a transaction that somebody else commits.
// It is what a view follows the log with.
type Live struct{ Tx pgx.Tx }

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
		statement, values := change.SQL()
		parameters := make([]any, len(values))
		for i, value := range values {
			var err error
			if parameters[i], err = parameter(value); err != nil {
				return fmt.Errorf("write %s: %w", change.Table.Name, err)
			}
		}
		batch.Queue(statement, parameters...)
	}
	batch.Queue("release savepoint event")
	if err := l.Tx.SendBatch(ctx, batch).Close(); err != nil {
		if _, undone := l.Tx.Exec(ctx, "rollback to savepoint event"); undone != nil {
			return fmt.Errorf("write rows: %w, and undo them: %w", err, undone)
		}
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// SQL answers the statement of a change and its parameters in order. The text
// depends on the table and the columns alone, so that it is prepared once.
func (c Change) SQL() (statement string, values []any) {
	switch c.Kind {
	case Put:
		for _, column := range c.Table.Columns {
			values = append(values, c.Set[column])
		}
		return c.Table.upsert(), values
	case Patch:
		set, values := assignments(c.Set, 0)
		key, more := assignments(c.Key, len(values))
		return "update " + c.Table.Name +
			"\nset " + strings.Join(set, ", ") +
			"\nwhere " + strings.Join(key, " and "), append(values, more...)
	default:
		key, values := assignments(c.Key, 0)
		return "delete from " + c.Table.Name +
			"\nwhere " + strings.Join(key, " and "), values
	}
}

func (s *Shape) upsert() string {
	places := make([]string, len(s.Columns))
	var replaced []string
	for i, column := range s.Columns {
		places[i] = fmt.Sprintf("$%d", i+1)
		if !slices.Contains(s.Key, column) {
			replaced = append(replaced, column+" = excluded."+column)
		}
	}
	return "insert into " + s.Name + " (" + strings.Join(s.Columns, ", ") + ")" +
		"\nvalues (" + strings.Join(places, ", ") + ")" +
		"\non conflict (" + strings.Join(s.Key, ", ") + ") do update" +
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

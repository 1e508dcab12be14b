package rebuild

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Difference is how a table that is read differs from what the log says.
type Difference struct {
	Table  string
	Rows   int64 // rows that are read
	Wrong  int64 // of them, those that the log does not say
	Absent int64 // rows that the log says and that are not read
}

// ErrOtherVersion says that the tables that are read are not of this version.
var ErrOtherVersion = errors.New("the tables that are read are of another version; rebuild the view first")

// Compare makes a view's tables anew, compares them row by row with those that
// are read, at the same position, and drops them again. It answers every table,
// also those without a difference. Who follows the log waits while it compares;
// who reads does not. An unfinished rebuild of the view is lost.
func Compare(ctx context.Context, pool *pgxpool.Pool, log Log, v view.View, options Options) (Report, []Difference, error) {
	r := &rebuild{pool: pool, log: log, view: v, options: options}
	var differences []Difference
	err := r.alone(ctx, func() (err error) {
		differences, err = r.compare(ctx)
		return err
	})
	if err != nil {
		return r.report, nil, fmt.Errorf("compare %s with the log: %w", v.Name, err)
	}
	return r.report, differences, nil
}

func (r *rebuild) compare(ctx context.Context) (differences []Difference, err error) {
	current, found, err := r.view.Current(ctx, r.pool)
	if err != nil {
		return nil, err
	}
	if !found || current.Version != r.view.Version {
		return nil, ErrOtherVersion
	}
	if err := r.startOver(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.leave(ctx)) }()
	reached, err := r.checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.fillTo(ctx, Filling, reached); err != nil {
		return nil, err
	}
	err = pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlPatient); err != nil {
			return fmt.Errorf("prepare to compare: %w", err)
		}
		r.options.AcceptDifference = true // it is what is looked for
		if err := r.settle(ctx, tx, current, true); err != nil {
			return err
		}
		differences, err = r.differences(ctx, tx, current)
		return err
	})
	return differences, err
}

// startOver begins with new tables, whatever was left.
func (r *rebuild) startOver(ctx context.Context) error {
	if err := r.leave(ctx); err != nil {
		return err
	}
	return r.prepare(ctx)
}

// leave removes unfinished tables.
func (r *rebuild) leave(ctx context.Context) error {
	return pgx.BeginFunc(context.WithoutCancel(ctx), r.pool, func(tx pgx.Tx) error {
		left, found, err := r.view.BeingBuilt(ctx, tx)
		if err != nil || !found {
			return err
		}
		return r.discard(ctx, tx, left)
	})
}

const sqlReached = `
select coalesce(max(position), 0)
from log.checkpoints
where name = $1`

func (r *rebuild) checkpoint(ctx context.Context) (position int64, err error) {
	if err := r.pool.QueryRow(ctx, sqlReached, r.view.Group()).Scan(&position); err != nil {
		return 0, fmt.Errorf("read how far the view is: %w", err)
	}
	return position, nil
}

func (r *rebuild) differences(ctx context.Context, tx pgx.Tx, current view.Generation) (all []Difference, err error) {
	counts, err := r.view.Counts(ctx, tx, current.Generation)
	if err != nil {
		return nil, err
	}
	for _, table := range slices.Sorted(maps.Keys(counts)) {
		read := pgx.Identifier{r.view.Schema(current.Generation), table}.Sanitize()
		said := pgx.Identifier{r.view.Schema(r.built.Generation), table}.Sanitize()
		one := Difference{Table: table, Rows: counts[table]}
		if err := tx.QueryRow(ctx, without(read, said)).Scan(&one.Wrong); err != nil {
			return nil, fmt.Errorf("compare %s: %w", table, err)
		}
		if err := tx.QueryRow(ctx, without(said, read)).Scan(&one.Absent); err != nil {
			return nil, fmt.Errorf("compare %s: %w", table, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// without counts the rows of one table that another one does not have.
func without(one, other string) string {
	return strings.NewReplacer("{one}", one, "{other}", other).Replace(`
select count(*)
from (
	select *
	from {one}
	except all
	select *
	from {other}
) as rest`)
}

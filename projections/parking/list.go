package parking

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Parked is an event that was put aside.
type Parked struct {
	Position int64
	Stream   string
	Type     string
	Class    Class
	ParkedAt time.Time
	Attempts int // how often it was tried; those Behind were tried never, and count one
}

const sqlParked = `
select position, stream, type, class, parked_at, attempts
from views.parked
where name = $1
order by position`

// List answers what a group has parked, in order of position.
func (g Group) List(ctx context.Context, db interface {
	Query(ctx context.Context, statement string, parameters ...any) (pgx.Rows, error)
},
) ([]Parked, error) {
	found, err := db.Query(ctx, sqlParked, g.Name)
	if err != nil {
		return nil, fmt.Errorf("list what is parked: %w", err)
	}
	all, err := pgx.CollectRows(found, pgx.RowToStructByPos[Parked])
	if err != nil {
		return nil, fmt.Errorf("list what is parked: %w", err)
	}
	return all, nil
}

// Heads picks the first event of each stream: the one that all others wait for.
func Heads(parked []Parked) []Parked {
	var heads []Parked
	seen := map[string]bool{}
	for _, one := range parked {
		if !seen[one.Stream] {
			seen[one.Stream] = true
			heads = append(heads, one)
		}
	}
	return heads
}

const sqlPass = `
delete from views.parked
where name = $1
and position = $2`

// Pass removes an event that was handled after all.
func (g Group) Pass(ctx context.Context, db Executor, position int64) error {
	if _, err := db.Exec(ctx, sqlPass, g.Name, position); err != nil {
		return fmt.Errorf("let the event at %d pass: %w", position, err)
	}
	return nil
}

const sqlSkip = `
insert into views.skipped (view, position, stream, type, class, skipped_by)
select $1, position, stream, type, class, $4
from views.parked
where name = $2
and position = $3
on conflict (view, position) do nothing`

// Skip has the view leave a parked event out for good, and notes who decided it.
func (g Group) Skip(ctx context.Context, tx pgx.Tx, position int64, by string) error {
	if _, err := tx.Exec(ctx, sqlSkip, g.View, g.Name, position, by); err != nil {
		return fmt.Errorf("skip the event at %d: %w", position, err)
	}
	return g.Pass(ctx, tx, position)
}

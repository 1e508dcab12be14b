package view

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// State is how far a generation has come.
type State string

// A generation is filled in bulk, then gets its indexes and catches up, and is
// current from the switch on.
const (
	Filling   State = "filling"
	Finishing State = "finishing"
	Current   State = "current"
)

// Generation is one set of a view's tables.
type Generation struct {
	View       string
	Generation int
	Version    int // of the view's handler
	Definition []byte
	State      State
}

const sqlCurrent = `
select view, generation, version, definition, state
from views.generations
where view = $1
and state = 'current'`

const sqlBuilding = `
select view, generation, version, definition, state
from views.generations
where view = $1
and state <> 'current'`

// Current answers the generation that is read, or false when there is none.
func (v View) Current(ctx context.Context, db Querier) (Generation, bool, error) {
	return v.generation(ctx, db, sqlCurrent)
}

// BeingBuilt answers the generation beside the current one, or false when there is none.
func (v View) BeingBuilt(ctx context.Context, db Querier) (Generation, bool, error) {
	return v.generation(ctx, db, sqlBuilding)
}

// Querier is a pool, a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, statement string, parameters ...any) (pgx.Rows, error)
}

func (v View) generation(ctx context.Context, db Querier, statement string) (Generation, bool, error) {
	found, err := db.Query(ctx, statement, v.Name)
	if err != nil {
		return Generation{}, false, fmt.Errorf("look up the tables of %s: %w", v.Name, err)
	}
	generation, err := pgx.CollectExactlyOneRow(found, pgx.RowToStructByPos[Generation])
	if errors.Is(err, pgx.ErrNoRows) {
		return Generation{}, false, nil
	}
	if err != nil {
		return Generation{}, false, fmt.Errorf("look up the tables of %s: %w", v.Name, err)
	}
	return generation, true, nil
}

const sqlBegin = `
insert into views.generations (view, generation, version, definition, state)
select
	$1,
	coalesce(max(generation), 0) + 1,
	$2,
	$3,
	'filling'
from views.generations
where view = $1
returning generation`

// Begin makes the next generation, to be filled.
func (v View) Begin(ctx context.Context, tx pgx.Tx) (Generation, error) {
	begun := Generation{View: v.Name, Version: v.Version, Definition: v.Definition(), State: Filling}
	if err := tx.QueryRow(ctx, sqlBegin, v.Name, v.Version, begun.Definition).Scan(&begun.Generation); err != nil {
		return begun, fmt.Errorf("begin tables of %s: %w", v.Name, err)
	}
	return begun, v.Create(ctx, tx, begun.Generation)
}

const sqlState = `
update views.generations
set
	state = $3,
	current_at = case when $3 = 'current' then clock_timestamp() end
where view = $1
and generation = $2`

// Become notes how far a generation has come.
func (v View) Become(ctx context.Context, tx pgx.Tx, generation int, state State) error {
	if _, err := tx.Exec(ctx, sqlState, v.Name, generation, state); err != nil {
		return fmt.Errorf("note that tables of %s are %s: %w", v.Name, state, err)
	}
	return nil
}

const sqlForget = `
delete from views.generations
where view = $1
and generation = $2`

// Remove drops a generation and forgets it.
func (v View) Remove(ctx context.Context, tx pgx.Tx, generation int) error {
	if _, err := tx.Exec(ctx, sqlForget, v.Name, generation); err != nil {
		return fmt.Errorf("forget tables of %s: %w", v.Name, err)
	}
	return v.Drop(ctx, tx, generation)
}

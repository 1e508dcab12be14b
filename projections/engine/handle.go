package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections/parking"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// poison is why an event can never be handled as things are.
type poison struct {
	class parking.Class
	cause error
}

// Told is an event that was parked, for whoever tells operators.
type Told struct {
	Event eventstore.Recorded
	Class parking.Class
	Cause error // nil for what only follows a parked event
}

// changesOf answers what an event changes, or why that cannot be said.
func changesOf(v view.View, recorded eventstore.Recorded, undecodable error) (changes []rows.Change, bad *poison) {
	switch {
	case errors.Is(undecodable, codec.ErrUnknownType):
		return nil, &poison{parking.Unknown, undecodable}
	case undecodable != nil:
		return nil, &poison{parking.Malformed, undecodable}
	}
	defer func() {
		if reason := recover(); reason != nil {
			changes, bad = nil, &poison{parking.Panicked, fmt.Errorf("the handler panicked: %v", reason)}
		}
	}()
	return v.Handle(recorded), nil
}

// step handles one event, or parks it. An error is something that may go
// better another time, or parking.ErrTooMany; the transaction then counts for nothing.
func step(ctx context.Context, tx pgx.Tx, writer rows.Writer, v view.View, held *parking.Held,
	recorded eventstore.Recorded, undecodable error,
) (*Told, error) {
	switch {
	case held.Skips(recorded):
		return nil, nil
	case held.Holds(recorded):
		return &Told{Event: recorded, Class: parking.Behind}, held.Park(ctx, tx, recorded, parking.Behind)
	}
	changes, bad := changesOf(v, recorded, undecodable)
	if bad == nil {
		err := writer.Apply(ctx, changes)
		if err == nil {
			return nil, nil
		}
		if transient(ctx, err) {
			return nil, err
		}
		bad = &poison{classOf(err), err}
	}
	return &Told{Event: recorded, Class: bad.class, Cause: bad.cause}, held.Park(ctx, tx, recorded, bad.class)
}

// passing are the classes of SQLSTATEs that say nothing about the event:
// connection, invalid transaction state (a server that became a standby, a
// session that was idle for too long), rollback, resources, object in use,
// operator intervention, system error, internal error.
var passing = []string{"08", "25", "40", "53", "55", "57", "58", "XX"}

// transient reports whether the same may go well another time.
func transient(ctx context.Context, err error) bool {
	var answered *pgconn.PgError
	switch {
	case errors.Is(err, rows.ErrLost), ctx.Err() != nil:
		return true
	case errors.As(err, &answered):
		return slices.Contains(passing, answered.Code[:min(2, len(answered.Code))])
	}
	return false
}

func classOf(err error) parking.Class {
	var answered *pgconn.PgError
	if errors.As(err, &answered) {
		return parking.Class(answered.Code)
	}
	return parking.Refused
}

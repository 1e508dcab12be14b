// Package parking keeps the events that a view could not handle: the poison of
// a stream and, in order, all of that stream that came behind it. Everything
// else passes.
//
// Whoever reads or changes what is parked of a consumer group holds the lock on
// its checkpoint, in the transaction that moves it.
package parking

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"behalf/eventstore"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Class is why an event is parked: one of the constants, or the SQLSTATE with
// which Postgres refused its rows. It never quotes the event.
type Class string

// The classes besides SQLSTATEs.
const (
	Unknown   Class = "unknown_type" // a newer process wrote it
	Malformed Class = "malformed"    // it cannot be decoded
	Panicked  Class = "panic"        // the handler did
	Refused   Class = "refused"      // its changes do not fit their tables
	Behind    Class = "behind"       // it waits for an earlier event of its stream
)

// StreamsAtMost is how many streams a group may park within a minute; one more
// is no longer an accident of single events, and the group stands still.
const StreamsAtMost = 20

// ErrTooMany says that a group must not park more, but stop.
var ErrTooMany = errors.New("more than 20 streams were parked within a minute")

// Group is a consumer group that parks.
type Group struct {
	Name string // of its checkpoint
	View string // whose operators' decisions to leave events out it follows
	Live string // for a group that builds: the one whose parked streams it may park too, however many
}

// Held is what a group has parked and leaves out, as of one transaction.
type Held struct {
	group   Group
	streams map[string]bool
	skipped map[int64]bool
}

const sqlHeld = `
select
	array(
		select distinct stream
		from views.parked
		where name = $1
	),
	array(
		select position
		from views.skipped
		where view = $2
	)`

// Load reads what a group holds.
func (g Group) Load(ctx context.Context, tx pgx.Tx) (*Held, error) {
	var streams []string
	var skipped []int64
	if err := tx.QueryRow(ctx, sqlHeld, g.Name, g.View).Scan(&streams, &skipped); err != nil {
		return nil, fmt.Errorf("read what is parked: %w", err)
	}
	held := &Held{group: g, streams: map[string]bool{}, skipped: map[int64]bool{}}
	for _, stream := range streams {
		held.streams[stream] = true
	}
	for _, position := range skipped {
		held.skipped[position] = true
	}
	return held, nil
}

// Holds reports whether a stream's events have to be parked, whatever they are.
func (h *Held) Holds(recorded eventstore.Recorded) bool {
	return len(h.streams) > 0 && h.streams[recorded.Stream.String()]
}

// Skips reports whether an event is left out for good.
func (h *Held) Skips(recorded eventstore.Recorded) bool { return h.skipped[recorded.Position] }

// Hold makes the stream of an event held from here on.
func (h *Held) Hold(recorded eventstore.Recorded) { h.streams[recorded.Stream.String()] = true }

// Release lets a stream's events pass again.
func (h *Held) Release(recorded eventstore.Recorded) { delete(h.streams, recorded.Stream.String()) }

// Clone returns a copy that shares nothing.
func (h *Held) Clone() *Held {
	return &Held{group: h.group, streams: maps.Clone(h.streams), skipped: maps.Clone(h.skipped)}
}

// Equal reports whether two hold and leave out the same.
func (h *Held) Equal(other *Held) bool {
	return maps.Equal(h.streams, other.streams) && maps.Equal(h.skipped, other.skipped)
}

const sqlPark = `
insert into views.parked (name, position, workspace_id, stream, type, command_id, class)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (name, position) do update
set
	class = excluded.class,
	attempts = views.parked.attempts + 1`

const sqlNewlyParked = `
select count(*)
from (
	select stream
	from views.parked
	where name = $1
	group by stream
	having min(parked_at) > clock_timestamp() - interval '1 minute'
) as newly
where $2 = ''
or not exists (
	select
	from views.parked as p
	where p.name = $2
	and p.stream = newly.stream
)`

// Park puts an event aside and holds its stream. ErrTooMany asks to roll back
// and Stop.
func (h *Held) Park(ctx context.Context, tx pgx.Tx, recorded eventstore.Recorded, class Class) error {
	_, err := tx.Exec(ctx, sqlPark, h.group.Name, recorded.Position, optional(recorded.Workspace), recorded.Stream.String(),
		recorded.Type, optional(recorded.Metadata.CommandID), string(class))
	if err != nil {
		return fmt.Errorf("park the event at %d: %w", recorded.Position, err)
	}
	h.Hold(recorded)
	if class == Behind {
		return nil
	}
	var streams int
	if err := tx.QueryRow(ctx, sqlNewlyParked, h.group.Name, h.group.Live).Scan(&streams); err != nil {
		return fmt.Errorf("count the streams that were parked: %w", err)
	}
	if streams > StreamsAtMost {
		return ErrTooMany
	}
	return nil
}

// optional makes the zero id null.
func optional[ID ~[16]byte](id ID) pgtype.UUID {
	return pgtype.UUID{Bytes: id, Valid: id != ID{}}
}

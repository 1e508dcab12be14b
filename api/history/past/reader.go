package past

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
)

// ErrNoWorkspace: there is no such workspace, or there was none yet at that moment.
var ErrNoWorkspace = errors.New("there is no such workspace at that moment")

// Reader reads histories.
type Reader struct {
	Pool     *pgxpool.Pool
	Registry *eventstore.Registry
	Persons  personal.Opener // opens addresses; those of erased people read personal.Erased (R66)
	Now      func() time.Time
}

// Event is an event of one stream as folding needs it.
type Event struct {
	Position   int64
	Version    int
	ID         domain.EventID
	Type       string // as it was written
	Event      domain.Event
	RecordedAt time.Time // UTC
}

const sqlStream = `
select
	position,
	version,
	id,
	type,
	data,
	recorded_at
from log.events
where stream = $1
	and position <= $2
	and recorded_at <= $3
order by version`

// each goes through a stream's events up to a moment, in one round trip.
func (r Reader) each(ctx context.Context, scope eventstore.Scope, stream domain.Stream, upTo Moment, visit func(Event)) error {
	batch := &pgx.Batch{}
	scope.Queue(batch)
	position, instant := upTo.bounds()
	batch.Queue(sqlStream, stream.String(), position, instant).Query(func(rows pgx.Rows) error {
		var event Event
		var kind, data []byte
		names := map[string]string{} // types repeat: each is made a string once
		_, err := pgx.ForEachRow(rows, []any{
			&event.Position, &event.Version, (*[16]byte)(&event.ID),
			(*pgtype.DriverBytes)(&kind), (*pgtype.DriverBytes)(&data), &event.RecordedAt,
		}, func() error {
			name, known := names[string(kind)]
			if !known {
				name = string(kind)
				names[name] = name
			}
			event.Type, event.RecordedAt = name, event.RecordedAt.UTC()
			decoded, err := r.Registry.Decode(name, data)
			if err != nil {
				return fmt.Errorf("the event at %d: %w", event.Position, err)
			}
			event.Event = personal.Bind(decoded, event.ID)
			visit(event)
			return nil
		})
		return err
	})
	if err := r.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("read %s: %w", stream, err)
	}
	return nil
}

// bounds are the moment as a query takes it.
func (m Moment) bounds() (int64, pgtype.Timestamptz) {
	position := m.Position
	if position == 0 {
		position = math.MaxInt64
	}
	instant := pgtype.Timestamptz{Time: m.Instant, Valid: true}
	if m.Instant.IsZero() {
		instant.InfinityModifier = pgtype.Infinity
	}
	return position, instant
}

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
	"behalf/eventstore/codec"
)

// ErrNoWorkspace: there is no such workspace, or there was none yet at that moment.
var ErrNoWorkspace = errors.New("there is no such workspace at that moment")

// AheadError says that a position is asked for which nothing in the log has yet.
type AheadError struct {
	Position int64 // asked for
	Head     int64 // of the log
}

func (e *AheadError) Error() string {
	return fmt.Sprintf("nothing is at position %d yet: the log ends at %d", e.Position, e.Head)
}

// Reader reads histories.
type Reader struct {
	Pool     *pgxpool.Pool
	Registry *codec.Registry
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

// What is recorded after what came later in its stream was written while the
// clock was wrong: the past ends before the first event that is not in it, and
// never has a hole.
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
	and version < coalesce((
		select later.version
		from log.events as later
		where later.stream = $1
			and $3 < 'infinity'::timestamptz
			and later.recorded_at > $3
		order by later.version
		limit 1
	), 2147483647)
order by version`

// Asked before the events. What is far below it is all there then; right below it,
// something that is just being recorded may still come (docs/eventstore.md).
const sqlHead = `
select log.head()`

// each goes through a stream's events up to a moment, in one round trip. A
// position past the log's end is refused (AheadError): what is told as of it
// would not stay so.
// Reading, decoding and visiting go on side by side; visit is called in order,
// by the caller's goroutine.
func (r Reader) each(ctx context.Context, scope eventstore.Scope, stream domain.Stream, upTo Moment, visit func(Event)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	line := newLine(ctx, r.Registry)
	read := make(chan error, 1)
	go func() {
		err := r.feed(ctx, scope, stream, upTo, line)
		line.finish()
		read <- err
	}()
	decoded := line.visit(visit)
	cancel() // either all rows are read, or nobody wants the rest
	line.drain()
	if err := errors.Join(decoded, ended(<-read, decoded)); err != nil {
		return fmt.Errorf("read %s: %w", stream, err)
	}
	return nil
}

// ended leaves out that reading was stopped because decoding had failed.
func ended(read, decoded error) error {
	if decoded != nil && errors.Is(read, context.Canceled) {
		return nil
	}
	return read
}

// feed reads the rows into a line.
func (r Reader) feed(ctx context.Context, scope eventstore.Scope, stream domain.Stream, upTo Moment, into *line) error {
	batch := &pgx.Batch{}
	scope.Queue(batch)
	if upTo.Position > 0 {
		batch.Queue(sqlHead).QueryRow(func(row pgx.Row) error {
			var head int64
			if err := row.Scan(&head); err != nil {
				return fmt.Errorf("read the head of the log: %w", err)
			}
			if upTo.Position > head {
				return &AheadError{Position: upTo.Position, Head: head}
			}
			return nil
		})
	}
	position, instant := upTo.bounds()
	batch.Queue(sqlStream, stream.String(), position, instant).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := into.take(rows); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return into.pass()
	})
	return r.Pool.SendBatch(ctx, batch).Close()
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

package eventstore

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// page is how many events one round trip of Read fetches.
const page = 500

// UpTo is where a history ends. The zero UpTo is now; with both fields set,
// whichever comes first ends it.
type UpTo struct {
	Position int64     // the last position that counts; 0 for any
	Instant  time.Time // the last moment that counts: it ends before the first event after it; zero for any
}

const sqlHistory = `
select
	position,
	workspace_id,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
where stream = $1
	and version > $2
	and position <= $3
order by version
limit $4`

// Read goes through a stream's history in order. It ends with an error, or
// behind the last event; a stream that does not exist has no events. An event
// that cannot be decoded comes with its error and ends it.
func (s *Store) Read(ctx context.Context, scope Scope, stream domain.Stream, upTo UpTo) iter.Seq2[Recorded, error] {
	return func(yield func(Recorded, error) bool) {
		for version := 0; ; {
			rows, err := s.readPage(ctx, scope, stream, version, upTo)
			if err != nil {
				yield(Recorded{}, fmt.Errorf("read %s: %w", stream, err))
				return
			}
			for _, row := range rows {
				// what was written while the clock was wrong makes no hole in the past
				if !upTo.Instant.IsZero() && row.RecordedAt.After(upTo.Instant) {
					return
				}
				recorded, err := row.recorded(s.registry)
				if !yield(recorded, err) || err != nil {
					return
				}
				version = row.Version
			}
			if len(rows) < page {
				return
			}
		}
	}
}

func (s *Store) readPage(ctx context.Context, scope Scope, stream domain.Stream, after int, upTo UpTo) (found []row, err error) {
	position := upTo.Position
	if position == 0 {
		position = math.MaxInt64
	}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlHistory, stream.String(), after, position, page).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		return err
	})
	return found, s.pool.SendBatch(ctx, batch).Close()
}

// StateAt folds a stream's history into the state as it was, and its version then.
func (s *Store) StateAt(ctx context.Context, scope Scope, stream domain.Stream, upTo UpTo) (domain.State, int, error) {
	state, err := s.registry.State(stream.Category)
	if err != nil {
		return nil, 0, fmt.Errorf("read %s: %w", stream, err)
	}
	version := 0
	for recorded, err := range s.Read(ctx, scope, stream, upTo) {
		if err != nil {
			return nil, 0, err
		}
		state.Evolve(recorded.Event)
		version = recorded.Version
	}
	return state, version, nil
}

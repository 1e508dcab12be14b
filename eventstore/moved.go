package eventstore

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

const sqlVersions = `
select
	s.stream,
	coalesce(head.version, 0),
	clock_timestamp(),
	lineage.beat,
	lineage.held
from log.lineage
cross join unnest($1::text[]) as s (stream)
left join lateral (
	select e.version
	from log.events as e
	where e.stream = s.stream
	order by e.version desc
	limit 1
) as head on true`

// Seen is how streams stand, and when.
type Seen struct {
	Versions map[domain.Stream]int // 0 for a stream that does not exist, or not for the scope
	At       time.Time             // by the database's clock, after the versions were read
	Beat     int64                 // how often it was confirmed that this is the log that was here before
	Held     bool                  // nothing is published: it may not be (R69)
}

// Moved reports whether any of the streams that were loaded has another version.
func (s Seen) Moved(since Loaded) bool {
	for stream, version := range since.Versions {
		if s.Versions[stream] != version {
			return true
		}
	}
	return false
}

// See reads the versions of streams, one index entry each, in one round trip:
// those of many decisions at once.
func (s *Store) See(ctx context.Context, scope Scope, streams []domain.Stream) (Seen, error) {
	names := make([]string, len(streams))
	for i, stream := range streams {
		names[i] = stream.String()
	}
	seen := Seen{Versions: make(map[domain.Stream]int, len(streams))}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlVersions, names).Query(func(rows pgx.Rows) error {
		var name string
		var version int
		_, err := pgx.ForEachRow(rows, []any{&name, &version, &seen.At, &seen.Beat, &seen.Held}, func() error {
			stream, err := domain.ParseStream(name)
			seen.Versions[stream] = version
			return err
		})
		return err
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Seen{}, fmt.Errorf("read the streams' versions: %w", err)
	}
	return seen, nil
}

// Moved reports whether any of the streams that were loaded has a newer event
// by now: what has been decided can be checked again right before something
// that cannot be undone.
func (s *Store) Moved(ctx context.Context, scope Scope, since Loaded) (bool, error) {
	streams := make([]domain.Stream, 0, len(since.Versions))
	for stream := range since.Versions {
		streams = append(streams, stream)
	}
	seen, err := s.See(ctx, scope, streams)
	if err != nil {
		return false, err
	}
	return !maps.Equal(seen.Versions, since.Versions), nil
}

const sqlTime = `select clock_timestamp()`

// Time is what the database's clock shows.
func (s *Store) Time(ctx context.Context) (shown time.Time, err error) {
	if err = s.pool.QueryRow(ctx, sqlTime).Scan(&shown); err != nil {
		return shown, fmt.Errorf("read the database's clock: %w", err)
	}
	return shown, nil
}

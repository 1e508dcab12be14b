package eventstore

import (
	"context"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

const sqlVersions = `
select
	s.stream,
	coalesce(head.version, 0)
from unnest($1::text[]) as s (stream)
left join lateral (
	select e.version
	from log.events as e
	where e.stream = s.stream
	order by e.version desc
	limit 1
) as head on true`

// Moved reports whether any of the streams that were loaded has a newer event
// by now. It reads one index entry per stream: what has been decided can be
// checked again right before something that cannot be undone.
func (s *Store) Moved(ctx context.Context, scope Scope, since Loaded) (bool, error) {
	names := make([]string, 0, len(since.Versions))
	for stream := range since.Versions {
		names = append(names, stream.String())
	}
	seen := map[domain.Stream]int{}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlVersions, names).Query(func(rows pgx.Rows) error {
		var name string
		var version int
		_, err := pgx.ForEachRow(rows, []any{&name, &version}, func() error {
			stream, err := domain.ParseStream(name)
			seen[stream] = version
			return err
		})
		return err
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return false, fmt.Errorf("read the streams' versions: %w", err)
	}
	return !maps.Equal(seen, since.Versions), nil
}

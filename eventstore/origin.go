package eventstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// looksBack is how many events of a stream are looked at for its origin.
const looksBack = 20

const sqlOrigin = `
select
	metadata,
	recorded_at
from log.events
where stream = $1
order by version desc
limit $2`

// Origin is the metadata of a stream's latest event that belongs to a trace, and
// when it was recorded; zero where none of the latest does.
func (s *Store) Origin(ctx context.Context, scope Scope, stream domain.Stream) (origin Metadata, at time.Time, err error) {
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlOrigin, stream.String(), looksBack).Query(func(rows pgx.Rows) error {
		var written []byte
		var recorded time.Time
		_, err := pgx.ForEachRow(rows, []any{&written, &recorded}, func() error {
			if origin.Trace != "" {
				return nil
			}
			metadata, err := ParseMetadata(written)
			if err == nil && metadata.Trace != "" {
				origin, at = metadata, recorded.UTC()
			}
			return err
		})
		return err
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Metadata{}, time.Time{}, fmt.Errorf("look for the origin of %s: %w", stream, err)
	}
	return origin, at, nil
}

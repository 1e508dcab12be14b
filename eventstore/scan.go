package eventstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Stretch is a part of the log.
type Stretch struct {
	After   int64    // events behind this position
	UpTo    int64    // and up to this one, which the high-water mark has reached
	Limit   int      // at most so many of them
	Without []string // event types that are left out
}

const sqlStretch = `
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
where position > $1
	and position <= $2
	and type <> all ($3)
order by position
limit $4`

// Scan goes through all streams of a part of the log in order of position, for
// whoever reads much of it. An event that cannot be decoded is given to each
// with its error, which then decides whether to go on; what each returns ends
// the scan. The result is the position up to which everything was given.
func (s *Store) Scan(ctx context.Context, part Stretch, each func(Recorded, error) error) (reached int64, err error) {
	without := part.Without
	if without == nil {
		without = []string{}
	}
	reached = part.After
	found, err := s.pool.Query(ctx, sqlStretch, part.After, part.UpTo, without, part.Limit)
	if err != nil {
		return reached, fmt.Errorf("scan the log: %w", err)
	}
	defer found.Close()
	given := 0
	for ; found.Next(); given++ {
		raw, err := rawRow(found)
		if err != nil {
			return reached, fmt.Errorf("scan the log: %w", err)
		}
		if err := each(raw.recorded(s.registry)); err != nil {
			return reached, err
		}
		reached = raw.Position
	}
	if err := found.Err(); err != nil {
		return reached, fmt.Errorf("scan the log: %w", err)
	}
	if given < part.Limit {
		reached = max(reached, part.UpTo)
	}
	return reached, nil
}

// postgresEpoch is where Postgres begins to count microseconds.
var postgresEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// rawRow reads the current row without copying data and metadata, which are
// only good until the next one.
func rawRow(found pgx.Rows) (r row, err error) {
	values := found.RawValues()
	for _, column := range found.FieldDescriptions() {
		if column.Format != pgtype.BinaryFormatCode {
			err := found.Scan(&r.Position, &r.WorkspaceID, &r.Stream, &r.Version, &r.ID, &r.Type, &r.Data, &r.Metadata, &r.RecordedAt)
			return r, err
		}
	}
	r.Position = int64(binary.BigEndian.Uint64(values[0])) //nolint:gosec // G115: the same 64 bits
	if len(values[1]) == 16 {
		r.WorkspaceID.Valid = true
		copy(r.WorkspaceID.Bytes[:], values[1])
	}
	r.Stream = string(values[2])
	r.Version = int(int32(binary.BigEndian.Uint32(values[3]))) //nolint:gosec // G115: the same 32 bits
	r.ID.Valid = copy(r.ID.Bytes[:], values[4]) == 16
	r.Type = string(values[5])
	r.Data, r.Metadata = values[6], values[7]
	microseconds := int64(binary.BigEndian.Uint64(values[8])) //nolint:gosec // G115: the same 64 bits
	r.RecordedAt = postgresEpoch.Add(time.Duration(microseconds) * time.Microsecond)
	return r, nil
}

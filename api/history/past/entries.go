package past

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
)

// Entry is one line of a history.
type Entry struct {
	Event    // its personal texts are open
	Metadata eventstore.Metadata
	Data     json.RawMessage // for people: with the words of personal texts
}

// pageEntries is how many events one round trip of Entries looks at.
const pageEntries = 500

const sqlEntries = `
select
	position,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
where stream = $1
	and position > $2
	and recorded_at >= $3
	and recorded_at <= $4
order by version
limit $5`

type entryRow struct {
	Position   int64
	Version    int
	ID         pgtype.UUID
	Type       string
	Data       []byte
	Metadata   []byte
	RecordedAt pgtype.Timestamptz
}

// Entries goes through the part of a stream's history that a filter names. It
// ends with what visit returns, if that is an error.
func (r Reader) Entries(ctx context.Context, scope eventstore.Scope, stream domain.Stream, filter Filter, visit func(Entry) error) error {
	given := 0
	for {
		page, err := r.page(ctx, scope, stream, filter)
		if err != nil {
			return fmt.Errorf("read %s: %w", stream, err)
		}
		for _, row := range page {
			filter.After = row.Position
			entry, matches, err := r.entry(ctx, row, filter)
			if err != nil {
				return fmt.Errorf("read %s at %d: %w", stream, row.Position, err)
			}
			if !matches {
				continue
			}
			if err := visit(entry); err != nil {
				return err
			}
			if given++; given == filter.Limit {
				return nil
			}
		}
		if len(page) < pageEntries {
			return nil
		}
	}
}

func (r Reader) page(ctx context.Context, scope eventstore.Scope, stream domain.Stream, filter Filter) (page []entryRow, err error) {
	_, until := Moment{Instant: filter.Until}.bounds()
	since := pgtype.Timestamptz{Time: filter.Since, Valid: true}
	if filter.Since.IsZero() {
		since.InfinityModifier = pgtype.NegativeInfinity
	}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlEntries, stream.String(), filter.After, since, until, pageEntries).Query(func(rows pgx.Rows) (err error) {
		page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[entryRow])
		return err
	})
	return page, r.Pool.SendBatch(ctx, batch).Close()
}

// entry reads a row, if the filter lets it pass.
func (r Reader) entry(ctx context.Context, row entryRow, filter Filter) (entry Entry, matches bool, err error) {
	if err := json.Unmarshal(row.Metadata, &entry.Metadata); err != nil {
		return entry, false, fmt.Errorf("its metadata: %w", err)
	}
	if !filter.matches(entry.Metadata, row.Data) {
		return entry, false, nil
	}
	entry.Position, entry.Version, entry.ID, entry.Type = row.Position, row.Version, row.ID.Bytes, row.Type
	entry.RecordedAt = row.RecordedAt.Time.UTC()
	decoded, err := r.Registry.Decode(row.Type, row.Data)
	if err != nil {
		return entry, false, err
	}
	if entry.Event.Event, err = personal.Opened(ctx, r.Persons, personal.Bind(decoded, entry.ID)); err != nil {
		return entry, false, err
	}
	entry.Data, err = eventstore.Show(entry.Event.Event)
	return entry, true, err
}

package past

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// Entry is one line of a history.
type Entry struct {
	Event    // its personal texts are open
	Stream   domain.Stream
	Metadata eventstore.Metadata // the client's address is open
	Data     json.RawMessage     // for people: with the words of personal texts
}

// entryRow is an event as the queries of a Walk answer it.
type entryRow struct {
	Position   int64
	Stream     string
	Version    int
	ID         pgtype.UUID
	Type       string
	Data       []byte
	Metadata   []byte
	RecordedAt pgtype.Timestamptz
}

// entry reads a row, if the filter lets it pass.
func (r Reader) entry(ctx context.Context, row entryRow, filter Filter) (entry Entry, matches bool, err error) {
	if entry.Stream, err = domain.ParseStream(row.Stream); err != nil {
		return entry, false, err
	}
	if entry.Metadata, err = eventstore.ParseMetadata(row.Metadata); err != nil {
		return entry, false, fmt.Errorf("its metadata: %w", err)
	}
	if !filter.matches(entry.Stream, entry.Metadata, row.Data) {
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
	if err := r.Persons.Open(ctx, &entry.Metadata.Client); err != nil {
		return entry, false, fmt.Errorf("open the client's address: %w", err)
	}
	entry.Data, err = codec.Show(entry.Event.Event)
	return entry, true, err
}

package eventstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/eventstore/internal/wire"
)

const sqlAppendEvent = `
select
	placed,
	moment,
	moved,
	moved_to,
	repeated
from log.append_event(
	$1, $2, $3,
	$4, $5, $6, $7,
	$8, $9,
	$10, $11, $12, $13
)`

// single reports whether log.append_event can write a request: one event, and
// at most one other stream that was read.
func (p *prepared) single() bool { return len(p.events) == 1 && len(p.reads) <= 2 }

// writeSingle appends a request for which single holds.
func (p *prepared) writeSingle(ctx context.Context, conn *pgx.Conn) ([]Outcome, error) {
	row, err := execute(ctx, conn, "behalf_append_event", sqlAppendEvent, p.parameters())
	if err != nil {
		return nil, err
	}
	moved, movedTo := row[2], row[3]
	switch {
	case row[0] != nil:
		event := &p.events[0]
		if event.Position, err = wire.ReadInt8(row[0]); err == nil {
			event.RecordedAt, err = wire.ReadMoment(row[1])
		}
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		return []Outcome{{Events: p.events}}, nil
	case moved != nil:
		conflict, err := p.conflict(string(moved), movedTo)
		if err != nil {
			return nil, err
		}
		return []Outcome{{Err: conflict}}, nil
	case wire.ReadBool(row[4]):
		return []Outcome{{Err: ErrCommandRepeated}}, nil
	}
	return nil, errAnswer
}

// parameters of sqlAppendEvent; nil is null.
func (p *prepared) parameters() [][]byte {
	event, added := &p.events[0], &p.added[0]
	r := &p.reads[added.place]
	values := [][]byte{
		[]byte(r.name), wire.Int4(r.expected), wire.UUID(r.workspace),
		wire.UUID(event.ID), []byte(event.Type), added.data, p.metadata,
		nil, nil,
		nil, nil, nil, nil,
	}
	if len(p.reads) == 2 {
		other := &p.reads[1-added.place]
		values[7], values[8] = []byte(other.name), wire.Int4(other.expected)
	}
	if key := p.request.Command; key != nil {
		values[9], values[10] = wire.UUID(key.ID), wire.UUID(key.User)
		values[11], values[12] = wire.UUID(p.commandWorkspace()), key.BodyHash[:]
	}
	return values
}

// conflict says which stream had moved, and to where.
func (p *prepared) conflict(name string, version []byte) (*ConflictError, error) {
	stream, err := domain.ParseStream(name)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	actual, err := wire.ReadInt4(version)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	for _, r := range p.reads {
		if r.stream == stream {
			return &ConflictError{Stream: stream, Expected: r.expected, Actual: actual, Written: r.written}, nil
		}
	}
	return nil, errAnswer
}

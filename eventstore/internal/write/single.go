package write

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
func (p *Request) single() bool { return len(p.Events) == 1 && len(p.Reads) <= 2 }

// writeSingle appends a request for which single holds.
func (p *Request) writeSingle(ctx context.Context, conn *pgx.Conn) ([]Outcome, error) {
	row, err := execute(ctx, conn, "behalf_append_event", sqlAppendEvent, p.parameters())
	if err != nil {
		return nil, err
	}
	moved, movedTo := row[2], row[3]
	switch {
	case row[0] != nil:
		position, err := wire.ReadInt8(row[0])
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		moment, err := wire.ReadMoment(row[1])
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		return []Outcome{{Positions: []int64{position}, Moment: moment}}, nil
	case moved != nil:
		conflict, err := p.conflict(string(moved), movedTo)
		if err != nil {
			return nil, err
		}
		return []Outcome{{Moved: conflict}}, nil
	case wire.ReadBool(row[4]):
		return []Outcome{{Repeated: true}}, nil
	}
	return nil, errAnswer
}

// parameters of sqlAppendEvent; nil is null.
func (p *Request) parameters() [][]byte {
	event := &p.Events[0]
	r := &p.Reads[event.Place]
	values := [][]byte{
		[]byte(r.Name), wire.Int4(r.Expected), wire.UUID(r.Workspace),
		wire.UUID(event.ID), []byte(event.Type), event.Data, p.Metadata,
		nil, nil,
		nil, nil, nil, nil,
	}
	if len(p.Reads) == 2 {
		other := &p.Reads[1-event.Place]
		values[7], values[8] = []byte(other.Name), wire.Int4(other.Expected)
	}
	if key := p.Command; key != nil {
		values[9], values[10] = wire.UUID(key.ID), wire.UUID(key.User)
		values[11], values[12] = wire.UUID(key.Workspace), key.BodyHash[:]
	}
	return values
}

// conflict says which stream had moved, and to where.
func (p *Request) conflict(name string, version []byte) (*Moved, error) {
	stream, err := domain.ParseStream(name)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	actual, err := wire.ReadInt4(version)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	for i := range p.Reads {
		if p.Reads[i].Stream == stream {
			return &Moved{Read: &p.Reads[i], To: actual}, nil
		}
	}
	return nil, errAnswer
}

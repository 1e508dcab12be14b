package eventstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

const sqlAppend = `
select
	positions,
	moment,
	moved,
	moved_to,
	repeated
from log.append(
	$1, $2, $3, $4, $5,
	$6, $7, $8, $9, $10, $11,
	$12, $13, $14, $15, $16, $17
)`

// write appends requests in one call and one transaction. After an error
// nothing is known to be written.
func (s *Store) write(ctx context.Context, requests []*prepared) ([]Outcome, error) {
	arrays := flatten(requests)
	var w written
	err := s.pool.QueryRow(ctx, sqlAppend, arrays.arguments()...).
		Scan(&w.positions, &w.moment, &w.moved, &w.movedTo, &w.repeated)
	if err != nil {
		return nil, err
	}
	return w.outcomes(requests)
}

// arrays are requests as log.append takes them.
type arrays struct {
	readRequest   []int32
	readStream    []string
	readExpected  []int32
	readWrites    []int32
	readWorkspace []pgtype.UUID

	eventRead     []int32
	eventVersion  []int32
	eventID       []pgtype.UUID
	eventType     []string
	eventData     [][]byte
	eventMetadata [][]byte

	commandRequest   []int32
	commandID        []pgtype.UUID
	commandUser      []pgtype.UUID
	commandWorkspace []pgtype.UUID
	commandHash      [][]byte
	commandPosition  []int64
}

func (a *arrays) arguments() []any {
	return []any{
		a.readRequest, a.readStream, a.readExpected, a.readWrites, a.readWorkspace,
		a.eventRead, a.eventVersion, a.eventID, a.eventType, a.eventData, a.eventMetadata,
		a.commandRequest, a.commandID, a.commandUser, a.commandWorkspace, a.commandHash, a.commandPosition,
	}
}

func flatten(requests []*prepared) *arrays {
	var reads, events, keys int
	for _, p := range requests {
		reads += len(p.reads)
		events += len(p.events)
		if p.request.Command != nil {
			keys++
		}
	}
	a := newArrays(reads, events, keys)
	for i, p := range requests {
		a.add(int32(i), p) //nolint:gosec // G115: a batch has fewer requests than that
	}
	return a
}

func newArrays(reads, events, keys int) *arrays {
	return &arrays{
		readRequest:   make([]int32, 0, reads),
		readStream:    make([]string, 0, reads),
		readExpected:  make([]int32, 0, reads),
		readWrites:    make([]int32, 0, reads),
		readWorkspace: make([]pgtype.UUID, 0, reads),

		eventRead:     make([]int32, 0, events),
		eventVersion:  make([]int32, 0, events),
		eventID:       make([]pgtype.UUID, 0, events),
		eventType:     make([]string, 0, events),
		eventData:     make([][]byte, 0, events),
		eventMetadata: make([][]byte, 0, events),

		commandRequest:   make([]int32, 0, keys),
		commandID:        make([]pgtype.UUID, 0, keys),
		commandUser:      make([]pgtype.UUID, 0, keys),
		commandWorkspace: make([]pgtype.UUID, 0, keys),
		commandHash:      make([][]byte, 0, keys),
		commandPosition:  make([]int64, 0, keys),
	}
}

func (a *arrays) add(number int32, p *prepared) {
	before := len(a.readRequest)
	for i := range p.reads {
		r := &p.reads[i]
		a.readRequest = append(a.readRequest, number)
		a.readStream = append(a.readStream, r.name)
		a.readExpected = append(a.readExpected, int32(r.expected))    //nolint:gosec // G115: the table's versions are as wide
		a.readWrites = append(a.readWrites, int32(r.last-r.expected)) //nolint:gosec // G115: the table's versions are as wide
		a.readWorkspace = append(a.readWorkspace, r.workspace)
	}
	for i := range p.events {
		a.eventRead = append(a.eventRead, int32(before+p.places[i]+1))      //nolint:gosec // G115: places are counted from 1
		a.eventVersion = append(a.eventVersion, int32(p.events[i].Version)) //nolint:gosec // G115: the table's versions are as wide
		a.eventID = append(a.eventID, optional(p.events[i].ID))
		a.eventType = append(a.eventType, p.events[i].Type)
		a.eventData = append(a.eventData, p.data[i])
		a.eventMetadata = append(a.eventMetadata, p.metadata)
	}
	if key := p.request.Command; key != nil {
		a.commandRequest = append(a.commandRequest, number)
		a.commandID = append(a.commandID, optional(key.ID))
		a.commandUser = append(a.commandUser, optional(key.User))
		a.commandWorkspace = append(a.commandWorkspace, optional(p.commandWorkspace()))
		a.commandHash = append(a.commandHash, key.BodyHash[:])
		a.commandPosition = append(a.commandPosition, p.request.BasedOn)
	}
}

// written is what log.append answers.
type written struct {
	positions []int64 // of the events of the requests that stand, in their order
	moment    time.Time
	moved     []int32 // places of reads, from 1
	movedTo   []int32
	repeated  []int32 // requests
}

// outcomes puts the answers where they belong.
func (w *written) outcomes(requests []*prepared) ([]Outcome, error) {
	outcomes := make([]Outcome, len(requests))
	w.conflicts(requests, outcomes)
	for _, request := range w.repeated {
		outcomes[request].Err = ErrCommandRepeated
	}
	moment, positions := w.moment.UTC(), w.positions
	for i, p := range requests {
		if outcomes[i].Err != nil {
			continue
		}
		if len(positions) < len(p.events) {
			return nil, errShort
		}
		for k := range p.events {
			p.events[k].Position, p.events[k].RecordedAt = positions[k], moment
		}
		positions = positions[len(p.events):]
		if len(p.events) > 0 {
			outcomes[i].Events = p.events
		}
	}
	if len(positions) > 0 {
		return nil, errShort
	}
	return outcomes, nil
}

// errShort would be a fault of log.append.
var errShort = errors.New("the database answered another number of positions than events were written")

// conflicts names a stream that had moved for each request that conflicts: of
// several, one that the request writes if there is one.
func (w *written) conflicts(requests []*prepared, outcomes []Outcome) {
	actual := make(map[int32]int32, len(w.moved))
	for i, place := range w.moved {
		actual[place] = w.movedTo[i]
	}
	place := int32(0)
	for i, p := range requests {
		var first *ConflictError
		for k := range p.reads {
			r := &p.reads[k]
			place++
			version, moved := actual[place]
			if moved && (first == nil || r.written && !first.Written) {
				first = &ConflictError{Stream: r.stream, Expected: r.expected, Actual: int(version), Written: r.written}
			}
		}
		if first != nil {
			outcomes[i].Err = first
		}
	}
}

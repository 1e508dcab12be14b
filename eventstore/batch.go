package eventstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/eventstore/internal/wire"
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
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	if len(requests) == 1 && requests[0].single() {
		return requests[0].writeSingle(ctx, conn.Conn())
	}
	arrays := flatten(requests)
	defer arrays.Free()
	row, err := execute(ctx, conn.Conn(), "behalf_append", sqlAppend, arrays.Values())
	if err != nil {
		return nil, err
	}
	written, err := readAnswer(row)
	if err != nil {
		return nil, err
	}
	return written.outcomes(requests)
}

// execute runs a statement that answers one row. It is prepared once for each
// connection, under a name; after that preparing is a look-up.
func execute(ctx context.Context, conn *pgx.Conn, name, statement string, values [][]byte) ([][]byte, error) {
	if _, err := conn.Prepare(ctx, name, statement); err != nil {
		return nil, err
	}
	result := conn.PgConn().ExecPrepared(ctx, name, values, binaryFormat, binaryFormat).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	if len(result.Rows) != 1 || len(result.Rows[0]) != 5 {
		return nil, errAnswer
	}
	return result.Rows[0], nil
}

// binaryFormat is that of all parameters and results.
var binaryFormat = []int16{pgx.BinaryFormatCode}

// flatten lays requests out as log.append takes them.
func flatten(requests []*prepared) *wire.Arrays {
	a := wire.New()
	reads, events, keys := 0, 0, 0
	for _, p := range requests {
		reads += len(p.reads)
		events += len(p.events)
		if p.request.Command != nil {
			keys++
		}
	}
	eachRead := func(do func(request int, r *read)) {
		for i, p := range requests {
			for k := range p.reads {
				do(i, &p.reads[k])
			}
		}
	}
	a.Int4s(reads, func(yield func(int)) { eachRead(func(request int, _ *read) { yield(request) }) })
	a.Texts(reads, func(yield func(string)) { eachRead(func(_ int, r *read) { yield(r.name) }) })
	a.Int4s(reads, func(yield func(int)) { eachRead(func(_ int, r *read) { yield(r.expected) }) })
	a.Int4s(reads, func(yield func(int)) { eachRead(func(_ int, r *read) { yield(r.last - r.expected) }) })
	a.UUIDs(reads, func(yield func([16]byte)) { eachRead(func(_ int, r *read) { yield(r.workspace) }) })
	flattenEvents(a, events, requests)
	flattenCommands(a, keys, requests)
	return a
}

func flattenEvents(a *wire.Arrays, events int, requests []*prepared) {
	each := func(do func(p *prepared, k int)) {
		for _, p := range requests {
			for k := range p.events {
				do(p, k)
			}
		}
	}
	a.Int4s(events, func(yield func(int)) {
		before := 1 // places are counted from 1
		for _, p := range requests {
			for _, addition := range p.added {
				yield(before + addition.place)
			}
			before += len(p.reads)
		}
	})
	a.Int4s(events, func(yield func(int)) { each(func(p *prepared, k int) { yield(p.events[k].Version) }) })
	a.UUIDs(events, func(yield func([16]byte)) { each(func(p *prepared, k int) { yield(p.events[k].ID) }) })
	a.Texts(events, func(yield func(string)) { each(func(p *prepared, k int) { yield(p.events[k].Type) }) })
	a.Byteas(events, func(yield func([]byte)) { each(func(p *prepared, k int) { yield(p.added[k].data) }) })
	a.Byteas(events, func(yield func([]byte)) { each(func(p *prepared, _ int) { yield(p.metadata) }) })
}

func flattenCommands(a *wire.Arrays, keys int, requests []*prepared) {
	each := func(do func(request int, p *prepared, key *CommandKey)) {
		for i, p := range requests {
			if key := p.request.Command; key != nil {
				do(i, p, key)
			}
		}
	}
	a.Int4s(keys, func(yield func(int)) { each(func(request int, _ *prepared, _ *CommandKey) { yield(request) }) })
	a.UUIDs(keys, func(yield func([16]byte)) { each(func(_ int, _ *prepared, key *CommandKey) { yield(key.ID) }) })
	a.UUIDs(keys, func(yield func([16]byte)) { each(func(_ int, _ *prepared, key *CommandKey) { yield(key.User) }) })
	a.UUIDs(keys, func(yield func([16]byte)) {
		each(func(_ int, p *prepared, _ *CommandKey) { yield(p.commandWorkspace()) })
	})
	a.Byteas(keys, func(yield func([]byte)) { each(func(_ int, _ *prepared, key *CommandKey) { yield(key.BodyHash[:]) }) })
	a.Int8s(keys, func(yield func(int64)) { each(func(_ int, p *prepared, _ *CommandKey) { yield(p.request.BasedOn) }) })
}

// written is what log.append answers.
type written struct {
	positions []int64 // of the events of the requests that stand, in their order
	moment    time.Time
	moved     []int64 // places of reads, from 1
	movedTo   []int64
	repeated  []int64 // requests
}

// errAnswer would be a fault of log.append.
var errAnswer = errors.New("the database answered something else than was asked")

func readAnswer(row [][]byte) (w written, err error) {
	if w.moment, err = wire.ReadMoment(row[1]); err != nil {
		return w, fmt.Errorf("read the answer: %w", err)
	}
	for column, into := range map[int]*[]int64{0: &w.positions, 2: &w.moved, 3: &w.movedTo, 4: &w.repeated} {
		if *into, err = wire.ReadInts(row[column]); err != nil {
			return w, fmt.Errorf("read the answer: %w", err)
		}
	}
	if len(w.moved) != len(w.movedTo) {
		return w, errAnswer
	}
	return w, nil
}

// outcomes puts the answers where they belong.
func (w *written) outcomes(requests []*prepared) ([]Outcome, error) {
	outcomes := make([]Outcome, len(requests))
	if len(w.moved) > 0 {
		w.conflicts(requests, outcomes)
	}
	for _, request := range w.repeated {
		outcomes[request].Err = ErrCommandRepeated
	}
	positions := w.positions
	for i, p := range requests {
		if outcomes[i].Err != nil || len(p.events) == 0 {
			continue
		}
		if len(positions) < len(p.events) {
			return nil, errAnswer
		}
		for k := range p.events {
			p.events[k].Position, p.events[k].RecordedAt = positions[k], w.moment
		}
		positions = positions[len(p.events):]
		outcomes[i].Events = p.events
	}
	if len(positions) > 0 {
		return nil, errAnswer
	}
	return outcomes, nil
}

// conflicts names a stream that had moved for each request that conflicts: of
// several, one that the request writes if there is one.
func (w *written) conflicts(requests []*prepared, outcomes []Outcome) {
	actual := make(map[int64]int64, len(w.moved))
	for i, place := range w.moved {
		actual[place] = w.movedTo[i]
	}
	place := int64(0)
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

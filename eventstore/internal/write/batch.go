package write

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
	$1, $2, $3, $4,
	$5, $6,
	$7, $8, $9, $10, $11, $12, $13,
	$14, $15, $16, $17, $18, $19
)`

// Write appends requests in one call and one transaction. After an error
// nothing is known to be written.
func Write(ctx context.Context, conn *pgx.Conn, requests []*Request) ([]Outcome, error) {
	if len(requests) == 1 && requests[0].single() {
		return requests[0].writeSingle(ctx, conn)
	}
	batch := layOut(requests)
	arrays := batch.arrays()
	defer arrays.Free()
	row, err := execute(ctx, conn, "behalf_append", sqlAppend, arrays.Values())
	if err != nil {
		return nil, err
	}
	written, err := readAnswer(row)
	if err != nil {
		return nil, err
	}
	return written.outcomes(batch)
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
func (w *written) outcomes(b *batch) ([]Outcome, error) {
	outcomes := make([]Outcome, len(b.requests))
	w.conflicts(b, outcomes)
	for _, request := range w.repeated {
		outcomes[request] = Outcome{Repeated: true}
	}
	positions := w.positions
	for i, p := range b.requests {
		if outcomes[i].Moved != nil || outcomes[i].Repeated || len(p.Events) == 0 {
			continue
		}
		if len(positions) < len(p.Events) {
			return nil, errAnswer
		}
		outcomes[i].Positions, positions = positions[:len(p.Events)], positions[len(p.Events):]
		outcomes[i].Moment = w.moment
	}
	if len(positions) > 0 {
		return nil, errAnswer
	}
	return outcomes, nil
}

// conflicts names a stream that had moved for each request that conflicts: of
// several, one that the request writes if there is one.
func (w *written) conflicts(b *batch, outcomes []Outcome) {
	if len(w.moved) == 0 {
		return
	}
	actual := make(map[int]int, len(w.moved))
	for i, place := range w.moved {
		actual[int(place)] = int(w.movedTo[i])
	}
	for _, need := range b.needs {
		version, moved := actual[need.place]
		if !moved {
			continue
		}
		earlier := outcomes[need.request].Moved
		if earlier == nil || need.read.Written && !earlier.Read.Written {
			outcomes[need.request].Moved = &Moved{Read: need.read, To: version}
		}
	}
}

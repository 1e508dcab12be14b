package past

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain/personal"
	"behalf/eventstore/codec"
)

// chunkRows is how many events are decoded together.
const chunkRows = 256

// postgresEpoch is where Postgres begins to count microseconds.
var postgresEpoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// chunk is some events on their way through a worker.
type chunk struct {
	events []Event
	ends   []int // of each event's data
	data   []byte
	failed error // of the first event that cannot be decoded
	done   chan struct{}
}

// line decodes a stream's rows by workers, and gives the events back in order.
type line struct {
	ctx      context.Context // that of one reading
	registry *codec.Registry
	names    map[string]string // types repeat: each is made a string once
	current  *chunk
	wanted   chan *chunk
	ordered  chan *chunk
	workers  sync.WaitGroup
}

func newLine(ctx context.Context, registry *codec.Registry) *line {
	workers := runtime.GOMAXPROCS(0)
	l := &line{
		ctx: ctx, registry: registry, names: map[string]string{}, current: newChunk(),
		wanted: make(chan *chunk, workers), ordered: make(chan *chunk, 4*workers),
	}
	for range workers {
		l.workers.Go(func() {
			for next := range l.wanted {
				l.decode(next)
				close(next.done)
			}
		})
	}
	return l
}

func newChunk() *chunk {
	return &chunk{events: make([]Event, 0, chunkRows), ends: make([]int, 0, chunkRows), done: make(chan struct{})}
}

// take copies the current row: its bytes last until the next one.
func (l *line) take(rows pgx.Rows) error {
	values := rows.RawValues()
	event, c := Event{}, l.current
	if rows.FieldDescriptions()[0].Format == pgtype.BinaryFormatCode {
		event.Position = int64(binary.BigEndian.Uint64(values[0])) //nolint:gosec // G115: the same 64 bits
		event.Version = int(binary.BigEndian.Uint32(values[1]))
		copy(event.ID[:], values[2])
		microseconds := int64(binary.BigEndian.Uint64(values[5])) //nolint:gosec // G115: the same 64 bits
		event.RecordedAt = postgresEpoch.Add(time.Duration(microseconds) * time.Microsecond)
		c.data = append(c.data, values[4]...)
	} else {
		var data []byte
		if err := rows.Scan(&event.Position, &event.Version, (*[16]byte)(&event.ID), nil, &data, &event.RecordedAt); err != nil {
			return err
		}
		event.RecordedAt = event.RecordedAt.UTC()
		c.data = append(c.data, data...)
	}
	name, known := l.names[string(values[3])]
	if !known {
		name = string(values[3])
		l.names[name] = name
	}
	event.Type = name
	c.events, c.ends = append(c.events, event), append(c.ends, len(c.data))
	if len(c.events) < chunkRows {
		return nil
	}
	return l.pass()
}

// pass hands the current chunk on and begins another one.
func (l *line) pass() error {
	full := l.current
	l.current = newChunk()
	l.current.data = make([]byte, 0, len(full.data)+len(full.data)/8)
	for _, queue := range []chan *chunk{l.ordered, l.wanted} {
		select {
		case queue <- full:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
	}
	return nil
}

func (l *line) decode(c *chunk) {
	begin := 0
	for i := range c.events {
		event := &c.events[i]
		decoded, err := l.registry.Decode(event.Type, c.data[begin:c.ends[i]])
		if err != nil {
			c.failed = fmt.Errorf("the event at %d: %w", event.Position, err)
			return
		}
		event.Event = personal.Bind(decoded, event.ID)
		begin = c.ends[i]
	}
}

// finish ends the line: nothing is taken any more.
func (l *line) finish() {
	close(l.wanted)
	close(l.ordered)
}

// visit goes through the decoded events in order, until one cannot be decoded.
func (l *line) visit(visit func(Event)) error {
	for next := range l.ordered {
		select {
		case <-next.done:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
		if next.failed != nil {
			return next.failed
		}
		for _, event := range next.events {
			visit(event)
		}
	}
	return nil
}

// drain lets whoever still reads end, and returns when nothing runs any more.
func (l *line) drain() {
	for range l.ordered { // what is in there is not wanted any more
	}
	l.workers.Wait()
}

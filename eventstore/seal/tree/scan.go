package tree

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Range is a stretch of the log.
type Range struct {
	After int64 // the position before the first that counts
	UpTo  int64 // the last position that counts; 0 for any
	Limit int64 // how many events at most; 0 for any
}

// Parameters go by settings, for COPY takes none.
const sqlRange = `
select
	set_config('behalf.scan_after', $1::bigint::text, true),
	set_config('behalf.scan_up_to', $2::bigint::text, true),
	set_config('behalf.scan_limit', $3::bigint::text, true),
	set_config('statement_timeout', '0', true),
	set_config('enable_sort', 'off', true)`

const sqlScan = `
copy (
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
	where position > current_setting('behalf.scan_after')::bigint
		and position <= current_setting('behalf.scan_up_to')::bigint
	order by position
	limit current_setting('behalf.scan_limit')::bigint
) to stdout (format binary)`

// Scan reads a stretch of the log in order of position and hands its leaves to
// visit, some at a time; visit must not keep the slice. Reading, hashing and
// visiting go on side by side. The connection is busy until Scan returns, and
// closed when ctx ends meanwhile.
func Scan(ctx context.Context, conn *pgx.Conn, stretch Range, visit func([]Leaf) error) error {
	return scan(ctx, visit, func(ctx context.Context, into *line) error {
		return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			return read(ctx, tx, stretch, into)
		})
	})
}

// ScanIn is Scan within a transaction: what it reads is what other statements
// of a repeatable-read transaction see.
func ScanIn(ctx context.Context, tx pgx.Tx, stretch Range, visit func([]Leaf) error) error {
	return scan(ctx, visit, func(ctx context.Context, into *line) error { return read(ctx, tx, stretch, into) })
}

func scan(ctx context.Context, visit func([]Leaf) error, read func(context.Context, *line) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	line := newLine(ctx)
	failed := make(chan error, 1)
	go func() {
		err := read(ctx, line)
		line.finish()
		failed <- err
	}()
	var visitErr error
	for leaves := range line.leaves() {
		if visitErr = visit(leaves); visitErr != nil {
			cancel()
			break
		}
	}
	line.drain()
	if err := <-failed; visitErr == nil {
		return err
	}
	return visitErr
}

func read(ctx context.Context, tx pgx.Tx, stretch Range, into *line) error {
	if stretch.UpTo == 0 {
		stretch.UpTo = math.MaxInt64
	}
	if stretch.Limit == 0 {
		stretch.Limit = math.MaxInt64
	}
	if _, err := tx.Exec(ctx, sqlRange, stretch.After, stretch.UpTo, stretch.Limit); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	if _, err := tx.Conn().PgConn().CopyTo(ctx, into, sqlScan); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	return into.flush()
}

// line takes the bytes of a COPY, cuts them into blocks, lets workers hash
// these, and gives the leaves back in order. It is the io.Writer of the COPY.
type line struct {
	ctx     context.Context // that of one scan, which a Writer cannot be given otherwise
	current *block
	headed  bool
	ended   bool
	handed  chan *pending
	ordered chan *pending
	free    chan *block
	workers sync.WaitGroup
}

// pending is a block on its way through a worker.
type pending struct {
	block *block
	done  chan struct{}
}

func newLine(ctx context.Context) *line {
	workers := max(1, runtime.GOMAXPROCS(0)-1)
	l := &line{
		ctx: ctx, current: newBlock(),
		handed: make(chan *pending, workers), ordered: make(chan *pending, 2*workers), free: make(chan *block, 4*workers),
	}
	for range workers {
		l.workers.Go(func() {
			for next := range l.handed {
				next.block.hash()
				close(next.done)
			}
		})
	}
	return l
}

// Write takes the next bytes, wherever they are cut.
func (l *line) Write(p []byte) (int, error) {
	l.current.content = append(l.current.content, p...)
	if !l.headed {
		if len(l.current.content) < 1+headerSize {
			return len(p), nil
		}
		if string(l.current.content[1:1+len(signature)]) != signature {
			return 0, errCopyFormat
		}
		l.headed = true
		l.current.content = append(l.current.content[:1], l.current.content[1+headerSize:]...)
	}
	for !l.ended {
		ended, err := l.current.parse()
		if err != nil {
			return 0, err
		}
		if l.ended = ended; ended || !l.current.full() {
			break
		}
		if err := l.pass(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// pass hands the current block on and goes on with another one.
func (l *line) pass() error {
	full := l.current
	select {
	case l.current = <-l.free:
	default:
		l.current = newBlock()
	}
	l.current.reset(full.content[full.parsed:])
	next := &pending{block: full, done: make(chan struct{})}
	for _, queue := range []chan *pending{l.ordered, l.handed} {
		select {
		case queue <- next:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
	}
	return nil
}

// flush hands on what is left when all bytes have come.
func (l *line) flush() error {
	if !l.ended {
		return fmt.Errorf("%w: they end too early", errCopyFormat)
	}
	return l.pass()
}

// finish ends the line: nothing is written any more.
func (l *line) finish() {
	close(l.handed)
	close(l.ordered)
}

// leaves goes through the hashed leaves in order.
func (l *line) leaves() func(yield func([]Leaf) bool) {
	return func(yield func([]Leaf) bool) {
		for next := range l.ordered {
			select {
			case <-next.done:
			case <-l.ctx.Done():
				return
			}
			if len(next.block.leaves) > 0 && !yield(next.block.leaves) {
				return
			}
			select {
			case l.free <- next.block:
			default:
			}
		}
	}
}

// drain lets whoever still writes end, and returns when nothing runs any more.
func (l *line) drain() {
	for range l.ordered { // what is in there is not wanted any more
	}
	l.workers.Wait()
}

package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
)

// Why a batch is rolled back although the database is well.
var (
	errNacked  = errors.New("a handler nacked the event")
	errLate    = errors.New("the event's time is up")
	errNothing = errors.New("no event was handled")
	errClosing = errors.New("the subscriber is closing")
)

// ErrAgain is what a finish ends with that wants its batch at once again.
var ErrAgain = errors.New("the batch is wanted again")

// handlerGoodbye is how long a transaction waits for a handler whose context is
// over. Afterwards it is taken away from it.
const handlerGoodbye = 5 * time.Second

// commitTimeout bounds a commit that nobody waits for any more.
const commitTimeout = 5 * time.Second

// batchTx is the transaction of one batch. It ends in a commit only together
// with a checkpoint, which names the last event that was really handled; and
// never while a handler is at work in it.
type batchTx struct {
	tx    pgx.Tx
	ctx   context.Context
	group string
	moved func()         // told when the checkpoint has moved
	rows  map[string]Row // by message; complete before the first message is delivered
	ended chan struct{}  // closed once committed or rolled back

	busy sync.Mutex // held by the handler at work, and by whatever ends the batch

	mutex   sync.Mutex
	finish  func(ctx context.Context) error // see Finish; nil for nothing
	last    int64                           // the last position that was handled
	stopped bool                            // no more events; what was handled counts
	failed  error                           // nothing counts
	saved   bool                            // the checkpoint is written
}

// TxOf returns the transaction in which a message is handled.
func TxOf(msg *message.Message) (pgx.Tx, bool) {
	batch, ok := batchOf(msg)
	if !ok {
		return nil, false
	}
	return batch.tx, true
}

// Finish has something done when all events of a message's batch have been
// handled, before the checkpoint moves. When it fails the batch is rolled back
// and comes again: at once after ErrAgain, after a pause otherwise.
func Finish(msg *message.Message, finish func(ctx context.Context) error) bool {
	batch, ok := batchOf(msg)
	if ok {
		batch.mutex.Lock()
		defer batch.mutex.Unlock()
		batch.finish = finish
	}
	return ok
}

// batchOf returns the transaction that a message is handled in.
func batchOf(msg *message.Message) (*batchTx, bool) {
	tx, _ := wsql.TxFromContext(msg.Context())
	batch, ok := tx.(*batchTx)
	return batch, ok
}

// begin claims the transaction for a handler, unless no more events count.
func (b *batchTx) begin() bool {
	b.busy.Lock()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.stopped || b.failed != nil {
		b.busy.Unlock()
		return false
	}
	return true
}

func (b *batchTx) end() { b.busy.Unlock() }

func (b *batchTx) handled(position int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.last = position
}

func (b *batchTx) fail(err error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.failed = err
}

func (b *batchTx) stop() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.stopped = true
}

// close lets the handler at work finish, and no other one begin. It reports
// what there is to keep.
func (b *batchTx) close() (last int64, saved bool, failed error) {
	b.busy.Lock()
	defer b.busy.Unlock()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.stopped = true
	return b.last, b.saved, b.failed
}

// QueryContext implements wsql.Tx.
func (b *batchTx) QueryContext(ctx context.Context, query string, args ...any) (wsql.Rows, error) {
	return wsql.PgxTx{Tx: b.tx}.QueryContext(ctx, query, args...)
}

// ExecContext implements wsql.Tx. The one thing that watermill executes is the
// query of offsets.AckMessageQuery; its position is the last that watermill
// has seen acked, which here means: seen.
func (b *batchTx) ExecContext(ctx context.Context, query string, _ ...any) (wsql.Result, error) {
	last, _, failed := b.close()
	if failed != nil {
		return nil, failed
	}
	if last == 0 {
		return nil, errNothing
	}
	if b.finish != nil {
		if err := b.finish(ctx); err != nil {
			return nil, err
		}
	}
	tag, err := b.tx.Exec(ctx, query, b.group, last)
	if err != nil {
		return nil, err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.saved = true
	return wsql.PgxResult{CommandTag: tag}, nil
}

// Commit implements wsql.Tx. Without a checkpoint it rolls back: watermill
// commits too when it gave up on the first event.
func (b *batchTx) Commit() error {
	if _, saved, _ := b.close(); !saved {
		return b.Rollback()
	}
	defer close(b.ended)
	// what was handled is kept even when the subscription has just ended
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), commitTimeout)
	defer cancel()
	if err := b.tx.Commit(ctx); err != nil {
		return err
	}
	b.moved()
	return nil
}

// Rollback implements wsql.Tx.
func (b *batchTx) Rollback() error {
	_, _, _ = b.close() // whatever there was to keep
	defer close(b.ended)
	return b.tx.Rollback(context.WithoutCancel(b.ctx))
}

package feed

import (
	"context"
	stdsql "database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Keys of a message's metadata.
const (
	metadataType     = "type"
	metadataStream   = "stream"
	metadataPosition = "position"
)

// errReadOnly is watermill's answer when it is asked to publish to the log.
var errReadOnly = errors.New("the log is written by appending, not by publishing")

// whileClosing keeps watermill's loop from spinning until it is closed.
const whileClosing = 10 * time.Millisecond

// BeginTx implements wsql.Beginner: it begins a batch. The wake-up for the next
// one is taken before this one looks, so that none is missed.
func (f *Feed) BeginTx(ctx context.Context, _ *stdsql.TxOptions) (wsql.Tx, error) {
	f.next = f.config.Next()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	select {
	case <-f.closing:
		return nil, errClosing
	default:
	}
	tx, err := f.config.Pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return nil, err
	}
	f.batch = &batchTx{
		tx:    tx,
		ctx:   ctx,
		group: f.config.Group,
		moved: f.config.Moved,
		rows:  map[string]Row{},
		ended: make(chan struct{}),
	}
	return f.batch, nil
}

// QueryContext implements wsql.Beginner; watermill does not use it.
func (f *Feed) QueryContext(context.Context, string, ...any) (wsql.Rows, error) {
	return nil, errReadOnly
}

// ExecContext implements wsql.Beginner; watermill does not use it.
func (f *Feed) ExecContext(context.Context, string, ...any) (wsql.Result, error) {
	return nil, errReadOnly
}

// HandleError implements wsql.BackoffManager: it blocks until looking again is
// worth while, and lets watermill wait no longer.
func (f *Feed) HandleError(_ watermill.LoggerAdapter, noMsg bool, err error) time.Duration {
	select {
	case <-f.closing:
		return whileClosing
	default:
	}
	switch {
	case errors.Is(err, ErrAgain):
	case errors.Is(err, errNacked), errors.Is(err, errNothing), errors.Is(err, context.Canceled):
		f.pause()
	case err != nil:
		f.config.Logger.Warn("reading the log failed", "group", f.config.Group, "error", err)
		f.pause()
	case noMsg:
		select {
		case <-f.next:
		case <-f.bell:
		case <-f.closing:
		case <-f.done:
		}
	}
	return 0
}

func (f *Feed) pause() {
	timer := time.NewTimer(f.config.Retry)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-f.closing:
	case <-f.done:
	}
}

// The checkpoint is locked only when there is something to read, and skipped
// when another process of the group has it. Everything up to the mark that the
// statement sees is visible to it, even behind a checkpoint that moved meanwhile.
//
// Nobody waits for a handler's transaction to reach the disk: what the handlers
// wrote and the checkpoint are lost together, and then the events come again.
const sqlNextEvents = `
with checkpoint as materialized (
	select
		position,
		set_config('synchronous_commit', 'off', true)
	from log.checkpoints
	where name = $1
		and position < (select position from log.high_water)
	for update skip locked
)
select
	e.position,
	e.workspace_id,
	e.stream,
	e.version,
	e.id,
	e.type,
	e.data,
	e.metadata,
	e.recorded_at
from checkpoint as c
cross join lateral (
	select *
	from log.events
	where position > c.position
		and position <= (select position from log.high_water)
	order by position
	limit $2
) as e`

// SelectQuery implements wsql.SchemaAdapter.
func (f *Feed) SelectQuery(wsql.SelectQueryParams) (wsql.Query, error) {
	return wsql.Query{Query: sqlNextEvents, Args: []any{f.config.Group, f.config.Batch}}, nil
}

// UnmarshalMessage implements wsql.SchemaAdapter. The event itself is decoded
// by EventOf: an error here would block the group.
func (f *Feed) UnmarshalMessage(params wsql.UnmarshalMessageParams) (wsql.Row, error) {
	var r Row
	err := params.Row.Scan(&r.Position, &r.WorkspaceID, &r.Stream, &r.Version, &r.ID, &r.Type, &r.Data, &r.Metadata, &r.RecordedAt)
	if err != nil {
		return wsql.Row{}, err
	}
	id := uuid.UUID(r.ID.Bytes).String()
	f.batch.rows[id] = r
	msg := message.NewMessage(id, r.Data)
	msg.Metadata.Set(metadataType, r.Type)
	msg.Metadata.Set(metadataStream, r.Stream)
	msg.Metadata.Set(metadataPosition, strconv.FormatInt(r.Position, 10))
	return wsql.Row{Offset: r.Position, Payload: r.Data, Metadata: r.Metadata, Msg: msg}, nil
}

// SubscribeIsolationLevel implements wsql.SchemaAdapter.
func (f *Feed) SubscribeIsolationLevel() stdsql.IsolationLevel { return stdsql.LevelReadCommitted }

// InsertQuery implements wsql.SchemaAdapter.
func (f *Feed) InsertQuery(wsql.InsertQueryParams) (wsql.Query, error) {
	return wsql.Query{}, errReadOnly
}

// SchemaInitializingQueries implements wsql.SchemaAdapter: migrations do that.
func (f *Feed) SchemaInitializingQueries(wsql.SchemaInitializingQueriesParams) ([]wsql.Query, error) {
	return nil, nil
}

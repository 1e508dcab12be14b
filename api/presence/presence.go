// Package presence keeps when members were last active in their workspaces, to
// the minute. It is nobody's history, and therefore no event: a row for each
// member of each workspace, which goes with the person (R66) and the workspace.
// Elsewhere nothing is kept: what somebody does in one workspace is no business
// of another one's.
package presence

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore"
)

// every is how exactly it is known: writing a row at every request would cost
// more than the request.
const every = time.Minute

// most bounds how many members are remembered as written lately.
const most = 10_000

// Register notes who was there. It is safe for concurrent use.
type Register struct {
	pool   *pgxpool.Pool
	now    func() time.Time
	logger *slog.Logger

	mutex sync.Mutex
	noted map[eventstore.Scope]time.Time
}

// New makes a register over a pool that runs under the API's role.
func New(pool *pgxpool.Pool, now func() time.Time, logger *slog.Logger) *Register {
	return &Register{pool: pool, now: now, logger: logger, noted: map[eventstore.Scope]time.Time{}}
}

// The moment is the database's, like those of events.
const sqlNote = `
insert into presence.seen as known (workspace_id, person, seen_at)
values ($1, $2, clock_timestamp())
on conflict (workspace_id, person) do update
set seen_at = excluded.seen_at
where known.seen_at < excluded.seen_at`

// Note notes that the scope's user, who was let in, is active in its workspace.
// It writes once a minute for each member, and never fails what they came for:
// what could not be written is in the log of the process, and tried a minute later.
func (r *Register) Note(ctx context.Context, member eventstore.Scope) {
	if r == nil || !r.due(member) {
		return
	}
	batch := &pgx.Batch{}
	member.Queue(batch)
	batch.Queue(sqlNote, [16]byte(member.Workspace), [16]byte(member.User))
	if err := r.pool.SendBatch(ctx, batch).Close(); err != nil && ctx.Err() == nil {
		r.logger.WarnContext(ctx, "who was active could not be noted", "error", err)
	}
}

// due reports whether it is time to write, and takes it that it will be done.
func (r *Register) due(member eventstore.Scope) bool {
	now := r.now()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if last, known := r.noted[member]; known && now.Sub(last) < every {
		return false
	}
	if len(r.noted) >= most {
		clear(r.noted) // rare, and cheaper than to keep order
	}
	r.noted[member] = now
	return true
}

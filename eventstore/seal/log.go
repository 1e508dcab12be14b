package seal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/tree"
)

// What is not there, or not what it should be.
var (
	// ErrUnsealed: there is no checkpoint yet, or none that covers the event.
	ErrUnsealed = errors.New("this is not sealed yet")
	// ErrNoEvent: no such event, or not for this reader.
	ErrNoEvent = errors.New("there is no such event")
	// ErrBroken: the stored tree, the events and the checkpoints contradict each other.
	ErrBroken = errors.New("the seal is broken")
)

// Querier is a pool, a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
}

// Log reads what has been sealed. Nothing that it reads is evidence before it
// has been checked against a signed checkpoint.
type Log struct{ db Querier }

// NewLog reads through db, under eventstore.RoleEngine or RoleAPI.
func NewLog(db Querier) Log { return Log{db: db} }

// Stored is a checkpoint as the database has it.
type Stored struct {
	Size     int64     // leaves
	Position int64     // of the last of them
	Root     tlog.Hash // not to be believed before Note is opened
	Note     []byte    // the signed form
	MadeAt   time.Time
}

type storedRow struct {
	Size, Position int64
	Root, Note     []byte
	MadeAt         time.Time
}

const sqlLatest = `
select
	size,
	position,
	root,
	note,
	made_at
from seal.checkpoints
order by size desc
limit 1`

// Latest returns the newest checkpoint, or ErrUnsealed.
func (l Log) Latest(ctx context.Context) (Stored, error) { return l.one(ctx, sqlLatest) }

const sqlCovering = `
select
	size,
	position,
	root,
	note,
	made_at
from seal.checkpoints
where position >= $1
order by position
limit 1`

// Covering returns the oldest checkpoint that covers a position, or ErrUnsealed.
func (l Log) Covering(ctx context.Context, position int64) (Stored, error) {
	return l.one(ctx, sqlCovering, position)
}

func (l Log) one(ctx context.Context, query string, args ...any) (Stored, error) {
	rows, err := l.db.Query(ctx, query, args...)
	if err != nil {
		return Stored{}, fmt.Errorf("read the checkpoint: %w", err)
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[storedRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return Stored{}, ErrUnsealed
	}
	if err != nil {
		return Stored{}, fmt.Errorf("read the checkpoint: %w", err)
	}
	return Stored{Size: row.Size, Position: row.Position, Root: tlog.Hash(row.Root), Note: row.Note, MadeAt: row.MadeAt.UTC()}, nil
}

// Open checks that the checkpoint is signed, and that the columns beside the
// note say the same.
func (s Stored) Open(known checkpoint.Verifiers) (checkpoint.Checkpoint, error) {
	opened, err := checkpoint.Open(s.Note, known)
	if err != nil {
		return checkpoint.Checkpoint{}, fmt.Errorf("the stored checkpoint of %d: %w", s.Size, err)
	}
	if opened.Size != s.Size || opened.Root != s.Root {
		return checkpoint.Checkpoint{}, fmt.Errorf("%w: the stored checkpoint of %d is not what was signed", ErrBroken, s.Size)
	}
	return opened, nil
}

// Frontier reads the right edge of the stored tree and checks it against the
// root that it has to have.
func (l Log) Frontier(ctx context.Context, size int64, root tlog.Hash) (tree.Frontier, error) {
	frontier, err := tree.LoadFrontier(size, l.Hashes(ctx))
	if err != nil {
		return tree.Frontier{}, fmt.Errorf("read the tree's edge at %d: %w", size, err)
	}
	if frontier.Root() != root {
		return tree.Frontier{}, fmt.Errorf("%w: the stored tree of %d leaves does not have the root that was signed", ErrBroken, size)
	}
	return frontier, nil
}

package eventstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
)

// Request is one decision to append.
type Request struct {
	// Workspace is the tenant of the changes. It may be zero when all of them
	// are on streams of workspaces, which are their own tenant, or of users, which have none.
	Workspace domain.WorkspaceID
	// Expected is the version of every stream that the decision read or writes;
	// 0 for one that must not exist.
	Expected map[domain.Stream]int
	Changes  []domain.Change // may be empty: then the request only proves what it read
	Metadata Metadata
	Command  *CommandKey // what to remember the request under; nil for none
	BasedOn  int64       // the position to remember for a command without changes
}

// Outcome is what became of one request.
type Outcome struct {
	Events []Recorded // in the order of the request's changes
	Err    error      // *ConflictError, ErrCommandRepeated, or what the database refused
}

const sqlAppend = `
select
	request,
	event,
	event_position,
	event_version,
	event_recorded_at,
	moved,
	moved_to,
	repeated
from log.append(
	$1, $2, $3, $4,
	$5, $6, $7, $8, $9, $10, $11,
	$12, $13, $14, $15, $16, $17
)`

// deadlocks is how many times a request is repeated alone after a deadlock.
const deadlocks = 3

// Append writes a batch of requests in one call and one transaction. Each
// succeeds or conflicts alone; the error is set only when the call as a whole
// failed, and then nothing is known to be written. A stream that one request
// writes may not occur in another one of the batch (ErrOverlap).
func (s *Store) Append(ctx context.Context, requests ...Request) ([]Outcome, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	outcomes, err := s.appendBatch(ctx, requests)
	if !spoilsBatch(err) {
		return outcomes, err
	}
	// one request spoiled the batch and nothing was written: each for itself
	outcomes = make([]Outcome, len(requests))
	for i, request := range requests {
		for range deadlocks {
			var alone []Outcome
			if alone, err = s.appendBatch(ctx, []Request{request}); err == nil {
				outcomes[i] = alone[0]
			}
			if code(err) != deadlockDetected {
				break
			}
		}
		switch {
		case spoilsBatch(err):
			outcomes[i].Err = err
		case err != nil:
			return nil, err
		}
	}
	return outcomes, nil
}

func (s *Store) appendBatch(ctx context.Context, requests []Request) ([]Outcome, error) {
	batch, err := s.flatten(requests)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, sqlAppend, batch.arguments()...)
	if err != nil {
		return nil, fmt.Errorf("append: %w", err)
	}
	answers, err := pgx.CollectRows(rows, pgx.RowToStructByPos[answer])
	if err != nil {
		return nil, fmt.Errorf("append: %w", err)
	}
	outcomes, written, err := batch.outcomes(answers)
	if written {
		s.signals.Appended.Notify()
	}
	return outcomes, err
}

// answer is a row of log.append: an event, a stream that had moved, or a
// command that was known.
type answer struct {
	Request    int
	Event      pgtype.UUID
	Position   *int64
	Version    *int
	RecordedAt *time.Time
	Moved      *string
	MovedTo    *int
	Repeated   bool
}

// deadlockDetected is the only SQLSTATE after which a request is worth repeating alone.
const deadlockDetected = "40P01"

// spoilsBatch reports an error of one request that undid the whole batch: a
// deadlock, or a violated constraint (SQLSTATE class 23).
func spoilsBatch(err error) bool {
	return code(err) == deadlockDetected || strings.HasPrefix(code(err), "23")
}

func code(err error) string {
	var broken *pgconn.PgError
	if errors.As(err, &broken) {
		return broken.Code
	}
	return ""
}

// tenant returns the workspace that an event on a stream belongs to.
func tenant(stream domain.Stream, requested domain.WorkspaceID) (pgtype.UUID, error) {
	switch stream.Category {
	case domain.UserStreams:
		return pgtype.UUID{}, nil
	case domain.WorkspaceStreams:
		requested = stream.ID
	}
	if requested.IsZero() {
		return pgtype.UUID{}, fmt.Errorf("append to %s: it belongs to a workspace, and none is named", stream)
	}
	return optional(requested), nil
}

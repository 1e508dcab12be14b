package eventstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// How a command is tried again when a stream has moved.
const (
	writtenTrials  = 5                     // trials against a stream that it writes
	firstPause     = 2 * time.Millisecond  // doubled at each trial, plus jitter
	longestPause   = 50 * time.Millisecond //
	executeTimeout = 10 * time.Second      // for callers without a deadline
)

// Call is a command on its way.
type Call struct {
	Type        domain.CommandType
	Command     any // what Type.New returned, filled in
	Workspace   domain.WorkspaceID
	By          domain.Actor
	Key         *CommandKey    // makes it safe to send twice; nil for none
	Expect      *int           // the version of the command's first stream that the caller has seen; nil for any
	Correlation string         // what belongs together
	Causation   domain.EventID // the event that made Behalf issue it
}

// Result is the answer to a command.
type Result struct {
	Position int64      // of the last event, or what the decision was based on when there is none
	Events   []Recorded // what happened; may be empty
	Repeated bool       // the command had been answered before, and this is that answer
}

// Execute takes a command the whole way: it loads the streams that the command
// names, lets it decide, and appends what it decided if none of them has moved
// meanwhile. Otherwise it decides again: until ctx ends if the decision had only
// read the stream that moved, a few times if it writes it.
//
// It fails with the *domain.Refusal of the decision as it is; with a
// *ConflictError when the streams would not stand still, or Expect is stale;
// with ErrKeyReused; or with what broke. A refused command is not remembered.
func (s *Store) Execute(ctx context.Context, call Call) (Result, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, executeTimeout)
		defer cancel()
	}
	if starter, ok := call.Command.(domain.Starter); ok {
		starter.Start(call.By)
	}
	streams := call.Type.Streams(call.Command, call.Workspace, call.By)
	if len(streams) == 0 {
		return Result{}, fmt.Errorf("execute %s: it names no stream", call.Type.Name)
	}
	if call.Key != nil {
		bound := call.Key.of(call.Type.Name, call.By.User)
		call.Key = &bound
	}

	pause := firstPause
	for written := 0; ; {
		result, err := s.try(ctx, call, streams)
		var conflict *ConflictError
		switch {
		case errors.As(err, &conflict):
			if call.Expect != nil && conflict.Stream == streams[0] {
				return Result{}, conflict
			}
			if conflict.Written {
				written++
			}
			if written == writtenTrials {
				return Result{}, conflict
			}
		case errors.Is(err, ErrCommandRepeated): // while it decided; the next trial reads the answer
		default:
			return result, err
		}
		await(ctx, nil, pause/2+rand.N(pause))
		if ctx.Err() != nil {
			return Result{}, err
		}
		pause = min(2*pause, longestPause)
	}
}

// try decides once.
func (s *Store) try(ctx context.Context, call Call, streams []domain.Stream) (Result, error) {
	loaded, first, err := s.prepare(ctx, call, streams)
	if err != nil {
		return Result{}, fmt.Errorf("execute %s: %w", call.Type.Name, err)
	}
	if first != nil {
		return s.repeat(ctx, *call.Key, first)
	}
	if seen := loaded.Versions[streams[0]]; call.Expect != nil && *call.Expect != seen {
		return Result{}, &ConflictError{Stream: streams[0], Expected: *call.Expect, Actual: seen, Written: true}
	}
	changes, err := call.Type.Decide(call.Command, call.Workspace, loaded.Facts, call.By)
	if err != nil {
		return Result{}, err
	}
	if len(changes) == 0 && call.Key == nil {
		return Result{Position: loaded.Position}, nil
	}
	outcomes, err := s.Append(ctx, call.request(loaded, changes))
	if err == nil {
		err = outcomes[0].Err
	}
	if err != nil {
		return Result{}, fmt.Errorf("execute %s: %w", call.Type.Name, err)
	}
	result := Result{Position: loaded.Position, Events: outcomes[0].Events}
	if len(result.Events) > 0 {
		result.Position = result.Events[len(result.Events)-1].Position
	}
	return result, nil
}

// prepare asks, in one round trip, whether the command has been answered
// already, and for the streams that it decides on.
func (s *Store) prepare(ctx context.Context, call Call, streams []domain.Stream) (Loaded, *answered, error) {
	loaded, err := s.fresh(streams)
	if err != nil {
		return Loaded{}, nil, err
	}
	var first *answered
	batch := &pgx.Batch{}
	Scope{Workspace: call.Workspace, User: call.By.User}.Queue(batch)
	if call.Key != nil {
		queueCommand(batch, call.Key.ID, &first)
	}
	loaded.queue(batch, s.registry)
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Loaded{}, nil, fmt.Errorf("load: %w", err)
	}
	return loaded, first, nil
}

func (c Call) request(loaded Loaded, changes []domain.Change) Request {
	metadata := Metadata{
		Actor:       c.By.User,
		Part:        c.By.Part,
		Command:     c.Type.Name,
		CommandID:   uuid.UUID(Fresh()),
		Correlation: c.Correlation,
		Causation:   c.Causation,
	}
	if c.Key != nil {
		metadata.CommandID = c.Key.ID
	}
	return Request{
		Workspace: c.Workspace,
		Expected:  loaded.Versions,
		Changes:   changes,
		Metadata:  metadata,
		Command:   c.Key,
		BasedOn:   loaded.Position,
	}
}

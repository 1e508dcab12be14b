package eventstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"behalf/domain"
	"behalf/eventstore/signal"
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
	Trace       string         // the span that it is issued in, a W3C traceparent; empty for none
	Causation   domain.EventID // the event that made Behalf issue it
}

// Result is the answer to a command.
type Result struct {
	Position int64      // of the last event, or what the decision was based on when there is none
	Events   []Recorded // what happened; may be empty
	Repeated bool       // the command had been answered before, and this is that answer
}

// Execute takes a command the whole way: it finds the states of the streams
// that the command names, lets it decide, and appends what it decided if none
// of them has moved meanwhile. Otherwise it decides again: until ctx ends if the
// decision had only read the stream that moved, a few times if it writes it.
//
// What this process knows of the streams may be out of date. A decision to
// append something is taken on that all the same, because appending proves it;
// a refusal, or a decision that nothing has to happen, is taken again on what
// the log has now.
//
// It fails with the *domain.Refusal of the decision as it is, whatever Expect
// says; with a *ConflictError when the streams would not stand still, or Expect
// is stale;
// with ErrKeyReused; with an *InterruptedError that says whether something was
// stored; or with what broke. A refused command is not remembered.
func (s *Store) Execute(ctx context.Context, call Call) (Result, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, executeTimeout)
		defer cancel()
	}
	starter, starts := call.Command.(domain.Starter)
	if starts {
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
	e := &execution{store: s, call: call, streams: streams, starts: starts}
	if result, done, err := e.fromMemory(ctx); done {
		return result, err
	}
	return e.fromLog(ctx)
}

// fromLog decides on what the log has, as often as that is worth while.
func (e *execution) fromLog(ctx context.Context) (Result, error) {
	pause := firstPause
	var began domain.Stream // the stream that was found to have begun while its beginning was decided
	for trials := 0; ; {
		result, err := e.try(ctx)
		var conflict *ConflictError
		switch {
		case errors.As(err, &conflict):
			if conflict.Stale {
				return Result{}, conflict
			}
			if conflict.Written {
				trials++
			}
			hidden := conflict.Expected == 0 && conflict.Stream == began // a stream begins once: this one is not for the caller to see
			if conflict.Expected == 0 {
				began = conflict.Stream
			}
			if hidden || trials == writtenTrials {
				return Result{}, conflict
			}
		case errors.Is(err, ErrCommandRepeated): // while it decided; the next trial reads the answer
		case errors.Is(err, ErrUnknown) && e.call.Key != nil: // the next trial finds out
			if trials++; trials == writtenTrials {
				return Result{}, err
			}
		default:
			return result, err
		}
		signal.Await(ctx, nil, pause/2+rand.N(pause)) //nolint:gosec // G404: jitter
		if ctx.Err() != nil {
			return Result{}, err
		}
		pause = min(2*pause, longestPause)
	}
}

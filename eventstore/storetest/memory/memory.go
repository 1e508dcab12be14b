// Package memory is a log without a database: a reference that is small enough
// to be seen to be right. It answers as a store under eventstore.RoleAPI does.
package memory

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// ErrTenant says that a stream belongs to another workspace.
var ErrTenant = errors.New("a stream belongs to another workspace")

// Log holds events in the order of their positions. One lock makes all that
// happens one thing after the other.
type Log struct {
	registry *codec.Registry

	mutex    sync.Mutex
	events   []eventstore.Recorded
	commands map[[16]byte]command
}

// command is what was asked under a key, and its answer.
type command struct {
	hash   [32]byte
	result eventstore.Result
}

// New makes an empty log.
func New(registry *codec.Registry) *Log {
	return &Log{registry: registry, commands: map[[16]byte]command{}}
}

// Append is (*eventstore.Store).Append.
func (l *Log) Append(ctx context.Context, requests ...eventstore.Request) ([]eventstore.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, &eventstore.InterruptedError{Cause: err}
	}
	if err := l.check(requests); err != nil {
		return nil, err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	outcomes := make([]eventstore.Outcome, len(requests))
	for i, request := range requests {
		outcomes[i] = l.append(request)
	}
	return outcomes, nil
}

// check refuses what does not depend on what is in the log.
func (l *Log) check(requests []eventstore.Request) error {
	written, keys := map[domain.Stream]bool{}, map[[16]byte]bool{}
	for _, request := range requests {
		writes := map[domain.Stream]bool{}
		for _, change := range request.Changes {
			if _, known := request.Expected[change.Stream]; !known {
				return fmt.Errorf("append to %s: its expected version is not named", change.Stream)
			}
			data, err := codec.Encode(change.Event)
			if err != nil {
				return err
			}
			if _, err := l.registry.Decode(change.Event.EventType(), data); err != nil {
				return err
			}
			if tenant(change.Stream, request.Workspace).IsZero() && change.Stream.Category != domain.UserStreams {
				return fmt.Errorf("append to %s: it belongs to a workspace, and none is named", change.Stream)
			}
			writes[change.Stream] = true
		}
		for stream := range request.Expected {
			if before, used := written[stream]; used && (before || writes[stream]) {
				return eventstore.ErrOverlap
			}
			written[stream] = writes[stream]
		}
		if request.Command != nil {
			if keys[request.Command.ID] {
				return eventstore.ErrOverlap
			}
			keys[request.Command.ID] = true
		}
	}
	return nil
}

func tenant(stream domain.Stream, requested domain.WorkspaceID) domain.WorkspaceID {
	switch stream.Category {
	case domain.UserStreams:
		return domain.WorkspaceID{}
	case domain.WorkspaceStreams:
		return stream.ID
	default:
		return requested
	}
}

// append writes one request, or says why not. The lock is held.
func (l *Log) append(request eventstore.Request) (outcome eventstore.Outcome) {
	if key := request.Command; key != nil {
		if _, known := l.commands[key.ID]; known {
			return eventstore.Outcome{Err: eventstore.ErrCommandRepeated}
		}
	}
	writes := map[domain.Stream]bool{}
	for _, change := range request.Changes {
		writes[change.Stream] = true
		if events := l.of(change.Stream); len(events) > 0 && events[0].Workspace != tenant(change.Stream, request.Workspace) {
			return eventstore.Outcome{Err: ErrTenant}
		}
	}
	var conflict *eventstore.ConflictError
	for stream, expected := range request.Expected {
		if actual := len(l.of(stream)); actual != expected && (conflict == nil || !conflict.Written) {
			conflict = &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: actual, Written: writes[stream]}
		}
	}
	if conflict != nil {
		return eventstore.Outcome{Err: conflict}
	}
	moment := time.Now().UTC().Truncate(time.Microsecond)
	for _, change := range request.Changes {
		outcome.Events = append(outcome.Events, eventstore.Recorded{
			Position: int64(len(l.events) + 1), Workspace: tenant(change.Stream, request.Workspace),
			Stream: change.Stream, Version: len(l.of(change.Stream)) + 1, ID: eventstore.Fresh(),
			Type: change.Event.EventType(), Event: change.Event, Metadata: request.Metadata, RecordedAt: moment,
		})
		l.events = append(l.events, outcome.Events[len(outcome.Events)-1])
	}
	if key := request.Command; key != nil {
		result := eventstore.Result{Position: request.BasedOn, Events: outcome.Events, Repeated: true}
		if len(outcome.Events) > 0 {
			result.Position = outcome.Events[len(outcome.Events)-1].Position
		}
		l.commands[key.ID] = command{hash: key.BodyHash, result: result}
	}
	return outcome
}

// of returns the events of a stream. The lock is held.
func (l *Log) of(stream domain.Stream) (events []eventstore.Recorded) {
	for _, event := range l.events {
		if event.Stream == stream {
			events = append(events, event)
		}
	}
	return events
}

// seen returns the events of a stream that a scope sees. The lock is held.
func (l *Log) seen(scope eventstore.Scope, stream domain.Stream) []eventstore.Recorded {
	events := l.of(stream)
	if stream.Category == domain.UserStreams && stream.ID == scope.User ||
		len(events) > 0 && !events[0].Workspace.IsZero() && events[0].Workspace == scope.Workspace {
		return events
	}
	return nil
}

// Read is (*eventstore.Store).Read.
func (l *Log) Read(_ context.Context, scope eventstore.Scope, stream domain.Stream, upTo eventstore.UpTo) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		l.mutex.Lock()
		events := l.seen(scope, stream)
		l.mutex.Unlock()
		for _, event := range events {
			if upTo.Position > 0 && event.Position > upTo.Position ||
				!upTo.Instant.IsZero() && event.RecordedAt.After(upTo.Instant) || !yield(event, nil) {
				return
			}
		}
	}
}

// Load is (*eventstore.Store).Load.
func (l *Log) Load(_ context.Context, scope eventstore.Scope, streams ...domain.Stream) (eventstore.Loaded, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.load(scope, streams)
}

func (l *Log) load(scope eventstore.Scope, streams []domain.Stream) (eventstore.Loaded, error) {
	loaded := eventstore.Loaded{Facts: domain.Facts{}, Versions: map[domain.Stream]int{}}
	for _, stream := range streams {
		state, err := l.registry.State(stream.Category)
		if err != nil {
			return loaded, err
		}
		events := l.seen(scope, stream)
		for _, event := range events {
			state.Evolve(event.Event)
			loaded.Position = max(loaded.Position, event.Position)
		}
		loaded.Facts[stream], loaded.Versions[stream] = state, len(events)
	}
	return loaded, nil
}

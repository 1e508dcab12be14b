package eventstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore/internal/states"
	"behalf/eventstore/internal/write"
)

// execution is a command that is being decided.
type execution struct {
	store   *Store
	call    Call
	streams []domain.Stream
	starts  bool // the first stream is to begin with this command
}

func (e *execution) scope() Scope { return Scope{Workspace: e.call.Workspace, User: e.call.By.User} }

// fromMemory decides on what is known, without asking the log. It is done when
// that led to an append that stands, or broke.
func (e *execution) fromMemory(ctx context.Context) (result Result, done bool, err error) {
	known, ok := e.recall()
	if !ok || e.stale(known) != nil {
		return Result{}, false, nil
	}
	changes, err := e.decide(known)
	if err != nil || len(changes) == 0 && e.call.Key == nil {
		return Result{}, false, nil // on a fresh state it may come out differently
	}
	result, err = e.append(ctx, known, changes)
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrCommandRepeated) ||
		errors.Is(err, ErrUnknown) && e.call.Key != nil && ctx.Err() == nil {
		return Result{}, false, nil
	}
	return result, true, err
}

// recall returns the states if all of them are known. Of a stream that is to
// begin it is known that it does not exist: its id has just been made.
func (e *execution) recall() (Loaded, bool) {
	loaded := Loaded{Facts: make(domain.Facts, len(e.streams)), Versions: make(map[domain.Stream]int, len(e.streams))}
	for i, stream := range e.streams {
		k, found := e.store.states.Get(keyOf(e.scope(), stream))
		if !found && i == 0 && e.starts {
			state, err := e.store.registry.State(stream.Category)
			k, found = states.Known{State: state}, err == nil
		}
		if !found {
			return Loaded{}, false
		}
		loaded.add(stream, k)
	}
	for _, stream := range e.more(loaded) {
		k, found := e.store.states.Get(keyOf(e.scope(), stream))
		if !found {
			return Loaded{}, false
		}
		loaded.add(stream, k)
	}
	return loaded, true
}

// more lists what the decision needs besides the streams that the command names.
func (e *execution) more(loaded Loaded) (streams []domain.Stream) {
	if e.call.Type.More == nil {
		return nil
	}
	for _, stream := range e.call.Type.More(e.call.Command, e.call.Workspace, loaded.Facts, e.call.By) {
		if _, known := loaded.Facts[stream]; !known && !slices.Contains(streams, stream) {
			streams = append(streams, stream)
		}
	}
	return streams
}

// complete loads these as well. What has moved between the two reads, appending
// finds out: it compares the versions of all of them.
func (e *execution) complete(ctx context.Context, loaded *Loaded) error {
	streams := e.more(*loaded)
	if len(streams) == 0 {
		return nil
	}
	further, _, err := e.store.load(ctx, e.scope(), nil, streams)
	if err != nil {
		return err
	}
	maps.Copy(loaded.Facts, further.Facts)
	maps.Copy(loaded.Versions, further.Versions)
	return nil
}

// stale compares with the version that the caller has seen. On the log's own
// state it comes after deciding: to whom a stream is hidden, its version is as
// well (R32).
func (e *execution) stale(loaded Loaded) error {
	seen := loaded.Versions[e.streams[0]]
	if expect := e.call.Expect; expect != nil && *expect != seen {
		return &ConflictError{Stream: e.streams[0], Expected: *expect, Actual: seen, Written: true, Stale: true}
	}
	return nil
}

func (e *execution) decide(on Loaded) ([]domain.Change, error) {
	return e.call.Type.Decide(e.call.Command, e.call.Workspace, on.Facts, e.call.By)
}

// try decides once, on what the log has now.
func (e *execution) try(ctx context.Context) (Result, error) {
	loaded, first, err := e.store.load(ctx, e.scope(), e.call.Key, e.streams)
	if err != nil {
		return Result{}, fmt.Errorf("execute %s: load: %w", e.call.Type.Name, err)
	}
	if first != nil {
		return e.store.repeat(ctx, *e.call.Key, first)
	}
	if err := e.complete(ctx, &loaded); err != nil {
		return Result{}, fmt.Errorf("execute %s: load more: %w", e.call.Type.Name, err)
	}
	changes, err := e.decide(loaded)
	if err != nil {
		return Result{}, err
	}
	if err := e.stale(loaded); err != nil {
		return Result{}, err
	}
	if len(changes) == 0 && e.call.Key == nil {
		return Result{Position: loaded.Position}, nil
	}
	return e.append(ctx, loaded, changes)
}

// append writes what was decided, and remembers what has become of the states.
func (e *execution) append(ctx context.Context, on Loaded, changes []domain.Change) (Result, error) {
	job, err := e.store.prepareJob(ctx, []Request{e.request(on, changes)})
	var outcomes []Outcome
	if err == nil {
		outcomes, err = e.store.do(ctx, job)
	}
	if err == nil {
		err = outcomes[0].Err
	}
	if err != nil {
		return Result{}, fmt.Errorf("execute %s: %w", e.call.Type.Name, err)
	}
	e.remember(on, job.requests[0])
	result := Result{Position: on.Position, Events: outcomes[0].Events}
	if len(result.Events) > 0 {
		result.Position = result.Events[len(result.Events)-1].Position
	}
	return result, nil
}

// remember takes what has been appended into the states that it was decided on.
func (e *execution) remember(on Loaded, p *prepared) {
	for i := range p.write.Reads {
		r := &p.write.Reads[i]
		if !r.Written {
			continue
		}
		var begun domain.State
		if e.sees(r) {
			begun = on.Facts[r.Stream]
		}
		e.store.states.Follow(keyOf(e.scope(), r.Stream), r.Expected, begun, p.appended(i))
	}
}

// sees reports whether a stream that has just begun is one that the scope
// names, as the row policies have it.
func (e *execution) sees(begun *write.Read) bool {
	if begun.Stream.Category == domain.UserStreams {
		return begun.Stream.ID == e.scope().User
	}
	return begun.Workspace == e.scope().Workspace
}

func (e *execution) request(on Loaded, changes []domain.Change) Request {
	metadata := Metadata{
		Actor:       e.call.By.User,
		Part:        e.call.By.Part,
		Command:     e.call.Type.Name,
		CommandID:   uuid.UUID(Fresh()),
		Correlation: e.call.Correlation,
		Trace:       e.call.Trace,
		Causation:   e.call.Causation,
	}
	if by := e.call.By; by.Address != "" && !by.User.IsZero() {
		metadata.Client = personal.New(by.User, by.Address)
	}
	if e.call.Key != nil {
		metadata.CommandID = e.call.Key.ID
	}
	return Request{
		Workspace: e.call.Workspace,
		Expected:  on.Versions,
		Changes:   changes,
		Metadata:  metadata,
		Command:   e.call.Key,
		BasedOn:   on.Position,
	}
}

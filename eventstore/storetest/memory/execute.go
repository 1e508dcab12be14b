package memory

import (
	"context"
	"crypto/sha256"

	"behalf/domain"
	"behalf/eventstore"
)

// Execute is (*eventstore.Store).Execute. Nothing can move while it decides.
func (l *Log) Execute(ctx context.Context, call eventstore.Call) (eventstore.Result, error) {
	if starter, ok := call.Command.(domain.Starter); ok {
		starter.Start(call.By)
	}
	streams := call.Type.Streams(call.Command, call.Workspace, call.By)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	key := bound(call)
	if key != nil {
		if known, repeated := l.commands[key.ID]; repeated {
			if known.hash != key.BodyHash {
				return eventstore.Result{}, eventstore.ErrKeyReused
			}
			return known.result, nil
		}
	}
	loaded, err := l.load(eventstore.Scope{Workspace: call.Workspace, User: call.By.User}, streams)
	if err != nil {
		return eventstore.Result{}, err
	}
	if call.Type.More != nil {
		further, err := l.load(eventstore.Scope{Workspace: call.Workspace, User: call.By.User},
			call.Type.More(call.Command, call.Workspace, loaded.Facts, call.By))
		if err != nil {
			return eventstore.Result{}, err
		}
		for stream, state := range further.Facts {
			loaded.Facts[stream], loaded.Versions[stream] = state, further.Versions[stream]
		}
	}
	changes, err := call.Type.Decide(call.Command, call.Workspace, loaded.Facts, call.By)
	if err != nil {
		return eventstore.Result{}, err
	}
	if seen := loaded.Versions[streams[0]]; call.Expect != nil && *call.Expect != seen {
		return eventstore.Result{}, &eventstore.ConflictError{Stream: streams[0], Expected: *call.Expect, Actual: seen, Written: true, Stale: true}
	}
	if len(changes) == 0 && key == nil {
		return eventstore.Result{Position: loaded.Position}, nil
	}
	request := eventstore.Request{
		Workspace: call.Workspace, Expected: loaded.Versions, Changes: changes, Command: key, BasedOn: loaded.Position,
		Metadata: eventstore.Metadata{
			Actor: call.By.User, Part: call.By.Part, Command: call.Type.Name, CommandID: eventstore.Fresh(),
			Correlation: call.Correlation, Causation: call.Causation, Trace: call.Trace,
		},
	}
	if key != nil {
		request.Metadata.CommandID = key.ID
	}
	if err := l.check([]eventstore.Request{request}); err != nil {
		return eventstore.Result{}, err
	}
	outcome := l.append(request)
	result := eventstore.Result{Position: loaded.Position, Events: outcome.Events}
	if len(outcome.Events) > 0 {
		result.Position = outcome.Events[len(outcome.Events)-1].Position
	}
	return result, outcome.Err
}

// bound ties a key to who asks and to the type of command, as the store does.
func bound(call eventstore.Call) *eventstore.CommandKey {
	if call.Key == nil {
		return nil
	}
	key := *call.Key
	key.User = call.By.User
	key.BodyHash = sha256.Sum256(append(append([]byte(call.Type.Name), 0), key.BodyHash[:]...))
	return &key
}

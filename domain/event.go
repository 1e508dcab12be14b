package domain

import (
	"encoding/json"
)

// Event is something that happened, as one aggregate's history tells it.
// Events are plain values; they hold no token, secret or password (R41).
type Event interface {
	// EventType is the dotted, versioned name: "workspace.client_invited.v1".
	EventType() string
}

// EventType describes one type of event to the log's registry.
type EventType struct {
	Name   string
	Decode func(data []byte) (Event, error)
}

// TypeOf describes the event type E, whose data is E's JSON form.
func TypeOf[E Event]() EventType {
	var zero E
	return EventType{
		Name: zero.EventType(),
		Decode: func(data []byte) (Event, error) {
			var event E
			if err := json.Unmarshal(data, &event); err != nil {
				return nil, err
			}
			return event, nil
		},
	}
}

// Change is one event and the stream that it is appended to.
type Change struct {
	Stream Stream
	Event  Event
}

// On puts events on a stream.
func On(stream Stream, events ...Event) []Change {
	changes := make([]Change, len(events))
	for i, event := range events {
		changes[i] = Change{Stream: stream, Event: event}
	}
	return changes
}

// State is an aggregate folded from its events.
type State interface {
	// Evolve takes one more event of the aggregate's own stream into the state.
	// Events of types it does not know leave it unchanged.
	Evolve(Event)
	// Clone returns a copy that shares nothing that Evolve changes.
	Clone() State
}

// Facts are the states that a decision is taken on, by stream. They are read only.
type Facts map[Stream]State

// Fact returns the state of one stream of a decision's facts. It panics when
// the command did not name the stream: that is a mistake in its Streams method.
func Fact[S State](facts Facts, stream Stream) S { return facts[stream].(S) }

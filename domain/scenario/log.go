// Package scenario supports tests of decisions: given a history, when somebody
// issues a command, then these events happen, or a rule refuses.
//
// Commands go through their registration, as in production: their streams are
// listed, folded and handed to the decision. Each decision is checked for what
// every decision must keep to (see Story.When).
package scenario

import (
	"fmt"
	"reflect"

	"behalf/domain"
)

// Log is a history in memory, and the commands that can be decided on it.
type Log struct {
	aggregates map[domain.Category]domain.Aggregate
	commands   map[reflect.Type]domain.CommandType
	history    []domain.Change
}

// NewLog returns an empty log of these aggregates.
func NewLog(aggregates ...domain.Aggregate) *Log {
	log := &Log{
		aggregates: map[domain.Category]domain.Aggregate{},
		commands:   map[reflect.Type]domain.CommandType{},
	}
	for _, aggregate := range aggregates {
		log.aggregates[aggregate.Category] = aggregate
		for _, command := range aggregate.Commands {
			log.commands[reflect.TypeOf(command.New()).Elem()] = command
		}
	}
	return log
}

// Append adds to the history. It panics on a stream of an aggregate that the
// log does not have.
func (l *Log) Append(changes ...domain.Change) {
	for _, change := range changes {
		if _, known := l.aggregates[change.Stream.Category]; !known {
			panic(fmt.Sprintf("no aggregate for the stream %s", change.Stream))
		}
	}
	l.history = append(l.history, changes...)
}

// State folds one stream.
func (l *Log) State(stream domain.Stream) domain.State {
	state := l.aggregates[stream.Category].New()
	for _, event := range l.History(stream) {
		state.Evolve(event)
	}
	return state
}

// Decision is what a command's registration made of it.
type Decision struct {
	Type    domain.CommandType
	Streams []domain.Stream
	Facts   domain.Facts // as they are after deciding
	Changes []domain.Change
	Err     error
}

// History returns the events of one stream.
func (l *Log) History(stream domain.Stream) []domain.Event {
	var events []domain.Event
	for _, change := range l.history {
		if change.Stream == stream {
			events = append(events, change.Event)
		}
	}
	return events
}

// Decide takes one decision on the streams that the command lists, and appends
// nothing. command is a value, not a pointer. New ids are Fresh(1), Fresh(2), …
// unless by makes its own.
func (l *Log) Decide(ws domain.WorkspaceID, by domain.Actor, command any) Decision {
	kind, registered := l.commands[reflect.TypeOf(command)]
	if !registered {
		panic(fmt.Sprintf("no aggregate registers the command %T", command))
	}
	if by.Fresh == nil {
		by.Fresh = counting()
	}
	cmd := kind.New()
	reflect.ValueOf(cmd).Elem().Set(reflect.ValueOf(command))
	if starter, ok := cmd.(domain.Starter); ok {
		starter.Start(by)
	}
	decision := Decision{Type: kind, Streams: kind.Streams(cmd, ws, by), Facts: domain.Facts{}}
	for _, stream := range decision.Streams {
		decision.Facts[stream] = l.State(stream)
	}
	if kind.More != nil {
		for _, stream := range kind.More(cmd, ws, decision.Facts, by) {
			if _, known := decision.Facts[stream]; !known {
				decision.Streams = append(decision.Streams, stream)
				decision.Facts[stream] = l.State(stream)
			}
		}
	}
	decision.Changes, decision.Err = kind.Decide(cmd, ws, decision.Facts, by)
	return decision
}

// Fresh is the nth id that a decision makes, from 1.
func Fresh(n byte) [16]byte { return [16]byte{0: 0xf0, 15: n} }

func counting() func() [16]byte {
	var made byte
	return func() [16]byte {
		made++
		return Fresh(made)
	}
}

// Package codec turns events into the bytes that the log keeps of them, and
// bytes, those of old versions too, into events.
package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"behalf/domain"
)

// ErrUnknownType says that an event's type, or a stream's category, is not
// registered: a newer process wrote it, or its registration was lost.
var ErrUnknownType = errors.New("unknown type")

// Upcast turns the data of an old event version into the next one's. It is a
// pure function on JSON, so that the Go type of the old version can go.
type Upcast func(data json.RawMessage) (json.RawMessage, error)

type upcaster struct {
	to   string
	turn Upcast
}

// Registry knows every type of event and every kind of state. It is read only
// once stores use it.
type Registry struct {
	types     map[string]domain.EventType
	states    map[domain.Category]func() domain.State
	upcasters map[string]upcaster
}

// NewRegistry knows what the aggregates declare. It refuses a category or an
// event type that is declared twice or incompletely.
func NewRegistry(aggregates ...domain.Aggregate) (*Registry, error) {
	r := &Registry{
		types:     map[string]domain.EventType{},
		states:    map[domain.Category]func() domain.State{},
		upcasters: map[string]upcaster{},
	}
	for _, aggregate := range aggregates {
		if _, twice := r.states[aggregate.Category]; twice || aggregate.New == nil {
			return nil, fmt.Errorf("the category %q is declared twice or without a state", aggregate.Category)
		}
		r.states[aggregate.Category] = aggregate.New
		for _, event := range aggregate.Events {
			if _, twice := r.types[event.Name]; twice || event.Name == "" || event.Decode == nil {
				return nil, fmt.Errorf("the event type %q is declared twice or incompletely", event.Name)
			}
			r.types[event.Name] = event
		}
	}
	return r, nil
}

// Upcast lets events of a type that is no longer registered be read as another
// one, which is registered or upcast in turn. Call it before the first store is made.
func (r *Registry) Upcast(from, to string, turn Upcast) error {
	_, current := r.types[from]
	_, twice := r.upcasters[from]
	_, known := r.types[to]
	_, chained := r.upcasters[to]
	if current || twice || !(known || chained) || from == to {
		return fmt.Errorf("%s cannot be upcast to %s: it is current or upcast already, or the target is unknown", from, to)
	}
	r.upcasters[from] = upcaster{to: to, turn: turn}
	return nil
}

// Decode reads an event, old versions as their newest one. It fails with
// ErrUnknownType or with what is wrong with the data.
func (r *Registry) Decode(name string, data []byte) (domain.Event, error) {
	current := name
	for {
		old, ok := r.upcasters[current]
		if !ok {
			break
		}
		next, err := old.turn(data)
		if err != nil {
			return nil, fmt.Errorf("upcast %s: %w", current, err)
		}
		current, data = old.to, next
	}
	known, ok := r.types[current]
	if !ok {
		return nil, fmt.Errorf("%w: event %q", ErrUnknownType, name)
	}
	event, err := known.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	return event, nil
}

// State returns the state of an aggregate before its first event.
func (r *Registry) State(category domain.Category) (domain.State, error) {
	begin, ok := r.states[category]
	if !ok {
		return nil, fmt.Errorf("%w: category %q", ErrUnknownType, category)
	}
	return begin(), nil
}

// Writes reports whether events of a type are written today.
func (r *Registry) Writes(name string) bool {
	_, known := r.types[name]
	return known
}

// Types returns the names of all event types that are written today, sorted.
func (r *Registry) Types() []string { return slices.Sorted(maps.Keys(r.types)) }

// OldTypes returns the names of all event types that are only read, sorted.
func (r *Registry) OldTypes() []string { return slices.Sorted(maps.Keys(r.upcasters)) }

// Package states keeps the states that this process has decided on lately, and
// brings them up to date with what the log has on top of them.
package states

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore/internal/recent"
)

// byDefault is how many bytes of events may be kept folded.
const byDefault = 64 << 20

// costOfState is what a state counts for besides the events that it is folded from.
const costOfState = 512

// Types read events.
type Types interface {
	Decode(name string, data []byte) (domain.Event, error)
}

// Key is under what a state is kept: with the part of the scope that decides
// whether the stream may be seen, so that what one scope has loaded is never
// what another one gets.
type Key struct {
	Stream domain.Stream
	Within [16]byte
}

// Known is a state as it was at a version. It is never changed: those who
// decide share it, and what comes later makes another one.
type Known struct {
	State    domain.State
	Version  int
	Position int64 // of the event at Version
	size     int   // bytes of its events
	tail     []Appended
}

// Appended is an event of ours that has been appended and not read since.
type Appended struct {
	ID       domain.EventID
	Version  int
	Position int64
	Type     string
	Data     []byte
}

// States are the aggregates that this process has decided on lately.
type States struct {
	types Types
	cache *recent.Cache[Key, Known]
}

// New bounds what is kept, in bytes of events: 64 MiB when 0, nothing is kept
// when negative.
func New(types Types, bytes int) *States {
	if bytes == 0 {
		bytes = byDefault
	}
	return &States{types: types, cache: recent.New[Key, Known](bytes)}
}

// Get returns what is known of a stream, folded. It may be out of date.
func (s *States) Get(key Key) (Known, bool) {
	k, found := s.cache.Get(key)
	if !found || len(k.tail) == 0 {
		return k, found
	}
	k.State = k.State.Clone()
	for _, event := range k.tail {
		decoded, err := s.types.Decode(event.Type, event.Data)
		if err != nil { // it will be an error for whoever reads it from the log
			s.cache.Delete(key)
			return Known{}, false
		}
		k.State.Evolve(personal.Bind(decoded, event.ID))
	}
	k.tail = nil
	s.Put(key, k)
	return k, true
}

// Put keeps a state unless a newer one is there.
func (s *States) Put(key Key, k Known) {
	s.cache.Put(key, k, k.size+costOfState, func(old Known) bool { return old.Version <= k.Version })
}

// Follow takes what has been appended behind a version into what is known at
// that version. Of a stream that these events begin, begun is the state before
// them; nil where nothing is to be known of it.
func (s *States) Follow(key Key, version int, begun domain.State, events []Appended) {
	before, found := s.cache.Get(key)
	if !found && version == 0 && begun != nil {
		before, found = Known{State: begun}, true
	}
	if !found || before.Version != version {
		return
	}
	after := before
	after.tail = append(before.tail[:len(before.tail):len(before.tail)], events...)
	for i := range events {
		after.Version, after.Position = events[i].Version, events[i].Position
		after.size += len(events[i].Data)
	}
	s.Put(key, after)
}

// Forget drops what is known of a stream.
func (s *States) Forget(key Key) { s.cache.Delete(key) }

// Clear drops everything.
func (s *States) Clear() { s.cache.Clear() }

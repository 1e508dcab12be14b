package eventstore

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore/internal/recent"
)

// defaultCache is how many bytes of events may be kept folded.
const defaultCache = 64 << 20

// costOfState is what a state counts for besides the events that it is folded from.
const costOfState = 512

// stateKey is under what a state is kept: with the part of the scope that
// decides whether the stream may be seen, so that what one scope has loaded is
// never what another one gets. Streams of users have no workspace and are seen
// by their user, all others by their workspace; see the row policies.
type stateKey struct {
	stream domain.Stream
	within [16]byte
}

func keyOf(scope Scope, stream domain.Stream) stateKey {
	if stream.Category == domain.UserStreams {
		return stateKey{stream, scope.User}
	}
	return stateKey{stream, scope.Workspace}
}

// known is a state as it was at a version. It is never changed: those who
// decide share it, and what comes later makes another one.
type known struct {
	state    domain.State
	version  int
	position int64 // of the event at version
	size     int   // bytes of its events
	tail     []unfolded
}

// unfolded is an event of ours that has been appended and not read since.
type unfolded struct {
	id   domain.EventID
	kind string
	data []byte
}

// states are the aggregates that this process has decided on lately.
type states struct {
	registry *Registry
	cache    *recent.Cache[stateKey, known]
}

func newStates(registry *Registry, bytes int) *states {
	if bytes == 0 {
		bytes = defaultCache
	}
	return &states{registry: registry, cache: recent.New[stateKey, known](bytes)}
}

// get returns what is known of a stream, folded. It may be out of date.
func (s *states) get(key stateKey) (known, bool) {
	k, found := s.cache.Get(key)
	if !found || len(k.tail) == 0 {
		return k, found
	}
	k.state = k.state.Clone()
	for _, event := range k.tail {
		decoded, err := s.registry.Decode(event.kind, event.data)
		if err != nil { // it will be an error for whoever reads it from the log
			s.cache.Delete(key)
			return known{}, false
		}
		k.state.Evolve(personal.Bind(decoded, event.id))
	}
	k.tail = nil
	s.put(key, k)
	return k, true
}

// put keeps a state unless a newer one is there.
func (s *states) put(key stateKey, k known) {
	s.cache.Put(key, k, k.size+costOfState, func(old known) bool { return old.version <= k.version })
}

// sees reports whether a stream that has just begun is one that the scope
// names, as the row policies have it.
func sees(scope Scope, begun *read) bool {
	if begun.stream.Category == domain.UserStreams {
		return begun.stream.ID == scope.User
	}
	return begun.workspace == scope.Workspace
}

// follow takes what a request has appended into the states that it was decided on.
func (s *states) follow(scope Scope, decidedOn Loaded, p *prepared) {
	for i := range p.reads {
		r := &p.reads[i]
		if !r.written {
			continue
		}
		key := keyOf(scope, r.stream)
		before, found := s.cache.Get(key)
		if !found && r.expected == 0 && sees(scope, r) {
			before, found = known{state: decidedOn.Facts[r.stream]}, true
		}
		if !found || before.version != r.expected {
			continue
		}
		after := before
		after.tail = before.tail[:len(before.tail):len(before.tail)]
		for k := range p.events {
			if p.added[k].place == i {
				after.version, after.position = p.events[k].Version, p.events[k].Position
				after.size += len(p.added[k].data)
				after.tail = append(after.tail, unfolded{p.events[k].ID, p.events[k].Type, p.added[k].data})
			}
		}
		s.put(key, after)
	}
}

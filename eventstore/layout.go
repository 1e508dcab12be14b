package eventstore

import (
	"behalf/domain"
	"behalf/eventstore/internal/wire"
)

// batch is how requests share one call of log.append.
type batch struct {
	requests []*prepared
	streams  []*read // each written one, and each version of one that is only read
	needs    []need
	events   int
	keys     int // of commands
}

// need says that a request needs a stream to stand still.
type need struct {
	request int
	place   int // of the stream in batch.streams, from 1
	read    *read
}

// sharedRead is what requests may read together.
type sharedRead struct {
	stream   domain.Stream
	expected int
}

func layOut(requests []*prepared) *batch {
	b := &batch{requests: requests}
	reads := 0
	for _, p := range requests {
		reads += len(p.reads)
		b.events += len(p.events)
		if p.request.Command != nil {
			b.keys++
		}
	}
	b.streams, b.needs = make([]*read, 0, reads), make([]need, 0, reads)
	shared := make(map[sharedRead]int, len(requests))
	for i, p := range requests {
		for k := range p.reads {
			r := &p.reads[k]
			b.needs = append(b.needs, need{i, b.place(r, shared), r})
		}
	}
	return b
}

// place puts a stream into the batch, unless others have read it at the same version.
func (b *batch) place(r *read, shared map[sharedRead]int) int {
	if !r.written {
		key := sharedRead{r.stream, r.expected}
		if place := shared[key]; place > 0 {
			return place
		}
		shared[key] = len(b.streams) + 1
	}
	b.streams = append(b.streams, r)
	return len(b.streams)
}

// arrays are the batch as log.append takes it.
func (b *batch) arrays() *wire.Arrays {
	a := wire.New()
	a.Texts(len(b.streams), func(yield func(string)) { b.eachStream(func(r *read) { yield(r.name) }) })
	a.Int4s(len(b.streams), func(yield func(int)) { b.eachStream(func(r *read) { yield(r.expected) }) })
	a.Int4s(len(b.streams), func(yield func(int)) { b.eachStream(func(r *read) { yield(r.last - r.expected) }) })
	a.UUIDs(len(b.streams), func(yield func([16]byte)) { b.eachStream(func(r *read) { yield(r.workspace) }) })
	a.Int4s(len(b.needs), func(yield func(int)) { b.eachNeed(func(n need) { yield(n.request) }) })
	a.Int4s(len(b.needs), func(yield func(int)) { b.eachNeed(func(n need) { yield(n.place) }) })
	b.addEvents(a)
	b.addCommands(a)
	return a
}

func (b *batch) addEvents(a *wire.Arrays) {
	a.Int4s(b.events, func(yield func(int)) { b.eachEvent(func(request int, _ *prepared, _ int) { yield(request) }) })
	a.Int4s(b.events, func(yield func(int)) {
		needs := b.needs
		for _, p := range b.requests {
			for _, added := range p.added {
				yield(needs[added.place].place)
			}
			needs = needs[len(p.reads):]
		}
	})
	a.Int4s(b.events, func(yield func(int)) { b.eachEvent(func(_ int, p *prepared, k int) { yield(p.events[k].Version) }) })
	a.UUIDs(b.events, func(yield func([16]byte)) { b.eachEvent(func(_ int, p *prepared, k int) { yield(p.events[k].ID) }) })
	a.Texts(b.events, func(yield func(string)) { b.eachEvent(func(_ int, p *prepared, k int) { yield(p.events[k].Type) }) })
	a.Byteas(b.events, func(yield func([]byte)) { b.eachEvent(func(_ int, p *prepared, k int) { yield(p.added[k].data) }) })
	a.Byteas(b.events, func(yield func([]byte)) { b.eachEvent(func(_ int, p *prepared, _ int) { yield(p.metadata) }) })
}

func (b *batch) addCommands(a *wire.Arrays) {
	a.Int4s(b.keys, func(yield func(int)) { b.eachCommand(func(request int, _ *prepared, _ *CommandKey) { yield(request) }) })
	a.UUIDs(b.keys, func(yield func([16]byte)) { b.eachCommand(func(_ int, _ *prepared, key *CommandKey) { yield(key.ID) }) })
	a.UUIDs(b.keys, func(yield func([16]byte)) {
		b.eachCommand(func(_ int, _ *prepared, key *CommandKey) { yield(key.User) })
	})
	a.UUIDs(b.keys, func(yield func([16]byte)) {
		b.eachCommand(func(_ int, p *prepared, _ *CommandKey) { yield(p.commandWorkspace()) })
	})
	a.Byteas(b.keys, func(yield func([]byte)) {
		b.eachCommand(func(_ int, _ *prepared, key *CommandKey) { yield(key.BodyHash[:]) })
	})
	a.Int8s(b.keys, func(yield func(int64)) {
		b.eachCommand(func(_ int, p *prepared, _ *CommandKey) { yield(p.request.BasedOn) })
	})
}

func (b *batch) eachStream(do func(*read)) {
	for _, r := range b.streams {
		do(r)
	}
}

func (b *batch) eachNeed(do func(need)) {
	for _, n := range b.needs {
		do(n)
	}
}

func (b *batch) eachEvent(do func(request int, p *prepared, k int)) {
	for i, p := range b.requests {
		for k := range p.events {
			do(i, p, k)
		}
	}
}

func (b *batch) eachCommand(do func(request int, p *prepared, key *CommandKey)) {
	for i, p := range b.requests {
		if key := p.request.Command; key != nil {
			do(i, p, key)
		}
	}
}

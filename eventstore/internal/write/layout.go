package write

import (
	"behalf/domain"
	"behalf/eventstore/internal/wire"
)

// batch is how requests share one call of log.append.
type batch struct {
	requests []*Request
	streams  []*Read // each written one, and each version of one that is only read
	needs    []need
	events   int
	keys     int // of commands
}

// need says that a request needs a stream to stand still.
type need struct {
	request int
	place   int // of the stream in batch.streams, from 1
	read    *Read
}

// sharedRead is what requests may read together.
type sharedRead struct {
	stream   domain.Stream
	expected int
}

func layOut(requests []*Request) *batch {
	b := &batch{requests: requests}
	reads := 0
	for _, p := range requests {
		reads += len(p.Reads)
		b.events += len(p.Events)
		if p.Command != nil {
			b.keys++
		}
	}
	b.streams, b.needs = make([]*Read, 0, reads), make([]need, 0, reads)
	shared := make(map[sharedRead]int, len(requests))
	for i, p := range requests {
		for k := range p.Reads {
			r := &p.Reads[k]
			b.needs = append(b.needs, need{i, b.place(r, shared), r})
		}
	}
	return b
}

// place puts a stream into the batch, unless others have read it at the same version.
func (b *batch) place(r *Read, shared map[sharedRead]int) int {
	if !r.Written {
		key := sharedRead{r.Stream, r.Expected}
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
	a.Texts(len(b.streams), func(yield func(string)) { b.eachStream(func(r *Read) { yield(r.Name) }) })
	a.Int4s(len(b.streams), func(yield func(int)) { b.eachStream(func(r *Read) { yield(r.Expected) }) })
	a.Int4s(len(b.streams), func(yield func(int)) { b.eachStream(func(r *Read) { yield(r.Last - r.Expected) }) })
	a.UUIDs(len(b.streams), func(yield func([16]byte)) { b.eachStream(func(r *Read) { yield(r.Workspace) }) })
	a.Int4s(len(b.needs), func(yield func(int)) { b.eachNeed(func(n need) { yield(n.request) }) })
	a.Int4s(len(b.needs), func(yield func(int)) { b.eachNeed(func(n need) { yield(n.place) }) })
	b.addEvents(a)
	b.addCommands(a)
	return a
}

func (b *batch) addEvents(a *wire.Arrays) {
	a.Int4s(b.events, func(yield func(int)) { b.eachEvent(func(request int, _ *Request, _ int) { yield(request) }) })
	a.Int4s(b.events, func(yield func(int)) {
		needs := b.needs
		for _, p := range b.requests {
			for _, event := range p.Events {
				yield(needs[event.Place].place)
			}
			needs = needs[len(p.Reads):]
		}
	})
	a.Int4s(b.events, func(yield func(int)) { b.eachEvent(func(_ int, p *Request, k int) { yield(p.Events[k].Version) }) })
	a.UUIDs(b.events, func(yield func([16]byte)) { b.eachEvent(func(_ int, p *Request, k int) { yield(p.Events[k].ID) }) })
	a.Texts(b.events, func(yield func(string)) { b.eachEvent(func(_ int, p *Request, k int) { yield(p.Events[k].Type) }) })
	a.Byteas(b.events, func(yield func([]byte)) { b.eachEvent(func(_ int, p *Request, k int) { yield(p.Events[k].Data) }) })
	a.Byteas(b.events, func(yield func([]byte)) { b.eachEvent(func(_ int, p *Request, _ int) { yield(p.Metadata) }) })
}

func (b *batch) addCommands(a *wire.Arrays) {
	a.Int4s(b.keys, func(yield func(int)) { b.eachCommand(func(request int, _ *Request, _ *Command) { yield(request) }) })
	a.UUIDs(b.keys, func(yield func([16]byte)) { b.eachCommand(func(_ int, _ *Request, key *Command) { yield(key.ID) }) })
	a.UUIDs(b.keys, func(yield func([16]byte)) {
		b.eachCommand(func(_ int, _ *Request, key *Command) { yield(key.User) })
	})
	a.UUIDs(b.keys, func(yield func([16]byte)) {
		b.eachCommand(func(_ int, _ *Request, key *Command) { yield(key.Workspace) })
	})
	a.Byteas(b.keys, func(yield func([]byte)) {
		b.eachCommand(func(_ int, _ *Request, key *Command) { yield(key.BodyHash[:]) })
	})
	a.Int8s(b.keys, func(yield func(int64)) {
		b.eachCommand(func(_ int, p *Request, _ *Command) { yield(p.BasedOn) })
	})
}

func (b *batch) eachStream(do func(*Read)) {
	for _, r := range b.streams {
		do(r)
	}
}

func (b *batch) eachNeed(do func(need)) {
	for _, n := range b.needs {
		do(n)
	}
}

func (b *batch) eachEvent(do func(request int, p *Request, k int)) {
	for i, p := range b.requests {
		for k := range p.Events {
			do(i, p, k)
		}
	}
}

func (b *batch) eachCommand(do func(request int, p *Request, key *Command)) {
	for i, p := range b.requests {
		if key := p.Command; key != nil {
			do(i, p, key)
		}
	}
}

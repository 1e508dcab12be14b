package eventstore

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/eventstore/codec"
	"behalf/eventstore/internal/states"
)

// prepared is a request that has been checked and encoded.
type prepared struct {
	request  *Request
	says     Metadata // the request's, sealed
	reads    []read
	events   []Recorded // position and moment are still to come
	added    []addition // one for each event
	metadata []byte
	bytes    int
}

// addition is what an event is besides its Recorded form.
type addition struct {
	place int // of its stream in reads
	data  []byte
}

// read is a stream that a request reads or writes.
type read struct {
	stream    domain.Stream
	name      string
	expected  int
	last      int // the version of the last event that the request puts there
	written   bool
	workspace domain.WorkspaceID // the tenant of what is written
}

func (s *Store) prepareRequest(ctx context.Context, request *Request) (*prepared, error) {
	p := &prepared{
		request: request,
		reads:   make([]read, 0, len(request.Expected)),
		events:  make([]Recorded, 0, len(request.Changes)),
		added:   make([]addition, 0, len(request.Changes)),
	}
	for stream, expected := range request.Expected {
		p.reads = append(p.reads, read{stream: stream, name: stream.String(), expected: expected, last: expected})
	}
	if len(request.Changes) > 0 {
		var err error
		if p.says, err = s.sealMetadata(ctx, request.Metadata); err != nil {
			return nil, err
		}
		if p.metadata, err = codec.Canonical(p.says); err != nil {
			return nil, fmt.Errorf("encode the metadata: %w", err)
		}
	}
	for i := range request.Changes {
		if err := p.add(ctx, s, &request.Changes[i]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *prepared) add(ctx context.Context, s *Store, change *domain.Change) error {
	name := change.Event.EventType()
	if !s.registry.Writes(name) {
		return fmt.Errorf("append to %s: %w: event %q", change.Stream, codec.ErrUnknownType, name)
	}
	place, err := p.place(change.Stream)
	if err != nil {
		return err
	}
	id := domain.EventID(Fresh())
	event, err := s.sealEvent(ctx, change.Event, id)
	if err != nil {
		return fmt.Errorf("append %s: %w", name, err)
	}
	data, err := codec.Encode(event)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	r := &p.reads[place]
	r.last++
	p.events = append(p.events, Recorded{
		Workspace: r.workspace,
		Stream:    change.Stream,
		Version:   r.last,
		ID:        id,
		Type:      name,
		Event:     event,
		Metadata:  p.says,
	})
	p.added = append(p.added, addition{place, data})
	p.bytes += len(data) + len(p.metadata)
	return nil
}

// place finds the stream of a change among those that the request has read,
// and marks it as written.
func (p *prepared) place(stream domain.Stream) (int, error) {
	for i := range p.reads {
		r := &p.reads[i]
		if r.stream != stream {
			continue
		}
		if !r.written {
			var err error
			if r.workspace, err = tenant(stream, p.request.Workspace); err != nil {
				return 0, err
			}
			r.written = true
		}
		return i, nil
	}
	return 0, fmt.Errorf("append to %s: its expected version is not named", stream)
}

// tenant returns the workspace that an event on a stream belongs to.
func tenant(stream domain.Stream, requested domain.WorkspaceID) (domain.WorkspaceID, error) {
	switch stream.Category {
	case domain.UserStreams:
		return domain.WorkspaceID{}, nil
	case domain.WorkspaceStreams:
		requested = stream.ID
	}
	if requested.IsZero() {
		return domain.WorkspaceID{}, fmt.Errorf("append to %s: it belongs to a workspace, and none is named", stream)
	}
	return requested, nil
}

// commandWorkspace is the tenant to remember a command under.
func (p *prepared) commandWorkspace() domain.WorkspaceID {
	workspace := p.request.Workspace
	for i := range p.events {
		if workspace.IsZero() {
			workspace = p.events[i].Workspace // the workspace that the command has just begun
		}
	}
	return workspace
}

// appended lists the events that stand, of one of the streams.
func (p *prepared) appended(place int) (events []states.Appended) {
	for k := range p.events {
		if event := &p.events[k]; p.added[k].place == place {
			events = append(events, states.Appended{
				ID: event.ID, Version: event.Version, Position: event.Position, Type: event.Type, Data: p.added[k].data,
			})
		}
	}
	return events
}

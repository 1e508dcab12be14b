package eventstore

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/eventstore/codec"
	"behalf/eventstore/internal/states"
	"behalf/eventstore/internal/write"
)

// prepared is a request that has been checked and encoded.
type prepared struct {
	request *Request
	says    Metadata // the request's, sealed
	write   write.Request
	events  []Recorded // of write; position and moment are still to come
	bytes   int
}

func (s *Store) prepareRequest(ctx context.Context, request *Request) (*prepared, error) {
	p := &prepared{
		request: request,
		write: write.Request{
			Reads:   make([]write.Read, 0, len(request.Expected)),
			Events:  make([]write.Event, 0, len(request.Changes)),
			BasedOn: request.BasedOn,
		},
		events: make([]Recorded, 0, len(request.Changes)),
	}
	for stream, expected := range request.Expected {
		p.write.Reads = append(p.write.Reads, write.Read{Stream: stream, Name: stream.String(), Expected: expected, Last: expected})
	}
	if len(request.Changes) > 0 {
		var err error
		if p.says, err = s.sealMetadata(ctx, request.Metadata); err != nil {
			return nil, err
		}
		if p.write.Metadata, err = codec.Canonical(p.says); err != nil {
			return nil, fmt.Errorf("encode the metadata: %w", err)
		}
	}
	for i := range request.Changes {
		if err := p.add(ctx, s, &request.Changes[i]); err != nil {
			return nil, err
		}
	}
	if key := request.Command; key != nil {
		p.write.Command = &write.Command{ID: key.ID, User: key.User, Workspace: p.commandWorkspace(), BodyHash: key.BodyHash}
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
	r := &p.write.Reads[place]
	r.Last++
	p.write.Events = append(p.write.Events, write.Event{Place: place, Version: r.Last, ID: id, Type: name, Data: data})
	p.events = append(p.events, Recorded{
		Workspace: r.Workspace,
		Stream:    change.Stream,
		Version:   r.Last,
		ID:        id,
		Type:      name,
		Event:     event,
		Metadata:  p.says,
	})
	p.bytes += len(data) + len(p.write.Metadata)
	return nil
}

// place finds the stream of a change among those that the request has read,
// and marks it as written.
func (p *prepared) place(stream domain.Stream) (int, error) {
	for i := range p.write.Reads {
		r := &p.write.Reads[i]
		if r.Stream != stream {
			continue
		}
		if !r.Written {
			var err error
			if r.Workspace, err = tenant(stream, p.request.Workspace); err != nil {
				return 0, err
			}
			r.Written = true
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

// outcome tells the caller what has become of the request.
func (p *prepared) outcome(of write.Outcome) Outcome {
	switch {
	case of.Repeated:
		return Outcome{Err: ErrCommandRepeated}
	case of.Moved != nil:
		r := of.Moved.Read
		return Outcome{Err: &ConflictError{Stream: r.Stream, Expected: r.Expected, Actual: of.Moved.To, Written: r.Written}}
	case len(p.events) == 0:
		return Outcome{}
	}
	for k := range p.events {
		p.events[k].Position, p.events[k].RecordedAt = of.Positions[k], of.Moment
	}
	return Outcome{Events: p.events}
}

// appended lists the events that stand, of one of the streams.
func (p *prepared) appended(place int) (events []states.Appended) {
	for k := range p.write.Events {
		if event := &p.write.Events[k]; event.Place == place {
			events = append(events, states.Appended{
				ID: event.ID, Version: event.Version, Position: p.events[k].Position, Type: event.Type, Data: event.Data,
			})
		}
	}
	return events
}

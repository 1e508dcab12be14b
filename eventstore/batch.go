package eventstore

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
)

// batch is a list of requests as the arrays that log.append takes, and the
// events that it will answer about.
type batch struct {
	requests []Request
	events   map[[16]byte]*Recorded
	order    [][]*Recorded // per request

	readRequest  []int
	readStream   []string
	readExpected []int
	readWritten  []bool

	eventRequest   []int
	eventWorkspace []pgtype.UUID
	eventStream    []string
	eventID        []pgtype.UUID
	eventType      []string
	eventData      [][]byte
	eventMetadata  [][]byte

	commandRequest   []int
	commandID        []pgtype.UUID
	commandUser      []pgtype.UUID
	commandWorkspace []pgtype.UUID
	commandHash      [][]byte
	commandPosition  []int64
}

func (b *batch) arguments() []any {
	return []any{
		b.readRequest, b.readStream, b.readExpected, b.readWritten,
		b.eventRequest, b.eventWorkspace, b.eventStream, b.eventID, b.eventType, b.eventData, b.eventMetadata,
		b.commandRequest, b.commandID, b.commandUser, b.commandWorkspace, b.commandHash, b.commandPosition,
	}
}

// flatten checks the requests and lays them out.
func (s *Store) flatten(requests []Request) (*batch, error) {
	b := &batch{
		requests: requests,
		events:   map[[16]byte]*Recorded{},
		order:    make([][]*Recorded, len(requests)),
	}
	commands := map[[16]byte]bool{}
	uses, writes := map[domain.Stream]int{}, map[domain.Stream]bool{}
	for i, request := range requests {
		written := map[domain.Stream]bool{}
		for _, change := range request.Changes {
			if err := b.addEvent(s.registry, i, change); err != nil {
				return nil, err
			}
			written[change.Stream] = true
		}
		for stream, expected := range request.Expected {
			b.addRead(i, stream, expected, written[stream])
			uses[stream]++
			writes[stream] = writes[stream] || written[stream]
			if writes[stream] && uses[stream] > 1 {
				return nil, fmt.Errorf("append to %s: %w", stream, ErrOverlap)
			}
		}
		if key := request.Command; key != nil {
			if commands[key.ID] {
				return nil, fmt.Errorf("append: the same command twice: %w", ErrOverlap)
			}
			commands[key.ID] = true
			b.addCommand(i, key)
		}
	}
	return b, nil
}

func (b *batch) addRead(request int, stream domain.Stream, expected int, written bool) {
	b.readRequest = append(b.readRequest, request)
	b.readStream = append(b.readStream, stream.String())
	b.readExpected = append(b.readExpected, expected)
	b.readWritten = append(b.readWritten, written)
}

func (b *batch) addEvent(registry *Registry, request int, change domain.Change) error {
	name := change.Event.EventType()
	if _, known := registry.types[name]; !known {
		return fmt.Errorf("append to %s: %w: event %q", change.Stream, ErrUnknownType, name)
	}
	if _, expected := b.requests[request].Expected[change.Stream]; !expected {
		return fmt.Errorf("append to %s: its expected version is not named", change.Stream)
	}
	workspace, err := tenant(change.Stream, b.requests[request].Workspace)
	if err != nil {
		return err
	}
	data, err := Encode(change.Event)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	metadata, err := canonical(b.requests[request].Metadata)
	if err != nil {
		return fmt.Errorf("encode the metadata of %s: %w", name, err)
	}
	recorded := &Recorded{
		Workspace: workspace.Bytes,
		Stream:    change.Stream,
		ID:        Fresh(),
		Type:      name,
		Event:     change.Event,
		Metadata:  b.requests[request].Metadata,
	}
	b.events[recorded.ID] = recorded
	b.order[request] = append(b.order[request], recorded)

	b.eventRequest = append(b.eventRequest, request)
	b.eventWorkspace = append(b.eventWorkspace, workspace)
	b.eventStream = append(b.eventStream, change.Stream.String())
	b.eventID = append(b.eventID, optional(recorded.ID))
	b.eventType = append(b.eventType, name)
	b.eventData = append(b.eventData, data)
	b.eventMetadata = append(b.eventMetadata, metadata)
	return nil
}

func (b *batch) addCommand(request int, key *CommandKey) {
	workspace := b.requests[request].Workspace
	for _, event := range b.order[request] {
		if workspace.IsZero() {
			workspace = event.Workspace // the workspace that the command has just begun
		}
	}
	b.commandRequest = append(b.commandRequest, request)
	b.commandID = append(b.commandID, optional(key.ID))
	b.commandUser = append(b.commandUser, optional(key.User))
	b.commandWorkspace = append(b.commandWorkspace, optional(workspace))
	b.commandHash = append(b.commandHash, key.BodyHash[:])
	b.commandPosition = append(b.commandPosition, b.requests[request].BasedOn)
}

// outcomes puts the answers where they belong. Of several streams that had
// moved it names one that the request writes, if there is one.
func (b *batch) outcomes(answers []answer) (outcomes []Outcome, written bool, err error) {
	outcomes = make([]Outcome, len(b.requests))
	placed := 0
	for _, answer := range answers {
		outcome := &outcomes[answer.Request]
		switch {
		case answer.Repeated:
			outcome.Err = ErrCommandRepeated
		case answer.Moved != nil:
			conflict, err := b.conflict(answer)
			if err != nil {
				return nil, written, err
			}
			if earlier, ok := outcome.Err.(*ConflictError); outcome.Err == nil || ok && conflict.Written && !earlier.Written {
				outcome.Err = conflict
			}
		default:
			event := b.events[answer.Event.Bytes]
			event.Position, event.Version, event.RecordedAt = *answer.Position, *answer.Version, answer.RecordedAt.UTC()
			placed++
		}
	}
	for i := range outcomes {
		if outcomes[i].Err != nil {
			continue
		}
		for _, event := range b.order[i] {
			outcomes[i].Events = append(outcomes[i].Events, *event)
		}
	}
	return outcomes, placed > 0, nil
}

func (b *batch) conflict(answer answer) (*ConflictError, error) {
	stream, err := domain.ParseStream(*answer.Moved)
	if err != nil {
		return nil, fmt.Errorf("append: %w", err)
	}
	written := false
	for _, change := range b.requests[answer.Request].Changes {
		written = written || change.Stream == stream
	}
	return &ConflictError{
		Stream:   stream,
		Expected: b.requests[answer.Request].Expected[stream],
		Actual:   *answer.MovedTo,
		Written:  written,
	}, nil
}

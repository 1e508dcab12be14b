package eventstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore/codec"
	"behalf/eventstore/internal/feed"
)

// Metadata says how an event came about. It holds no secret.
type Metadata struct {
	Actor       domain.UserID  `json:"actor,omitzero"`        // who was signed in
	Part        string         `json:"part,omitempty"`        // which part of Behalf acted, when nobody was
	Command     string         `json:"command,omitempty"`     // the command's type
	CommandID   uuid.UUID      `json:"command_id,omitzero"`   // one per command, derived from its idempotency key if it had one
	Correlation string         `json:"correlation,omitempty"` // what belongs together, across commands and processes
	Trace       string         `json:"trace,omitempty"`       // the span that the command was issued in, a W3C traceparent
	Causation   domain.EventID `json:"causation,omitzero"`    // the event that made Behalf issue the command
	Client      personal.Text  `json:"client,omitzero"`       // the actor's address, an IP address; sealed for the command's id (R66)
}

// Recorded is an event as it stands in the log.
type Recorded struct {
	Position   int64              // its place in the log; later events have higher ones
	Workspace  domain.WorkspaceID // zero for the streams of users
	Stream     domain.Stream
	Version    int // its place in its stream, from 1 without gaps
	ID         domain.EventID
	Type       string // as it was written; Event may be of a newer version
	Event      domain.Event
	Metadata   Metadata
	RecordedAt time.Time // UTC
}

// row is an event as the table has it.
type row feed.Row

// recorded reads a row. What could be read is returned with an error too, so
// that whoever parks the event knows which one it is.
func (r row) recorded(registry *codec.Registry) (Recorded, error) {
	recorded := Recorded{
		Position:   r.Position,
		Workspace:  r.WorkspaceID.Bytes,
		Version:    r.Version,
		ID:         r.ID.Bytes,
		Type:       r.Type,
		RecordedAt: r.RecordedAt.UTC(),
	}
	var err error
	if recorded.Stream, err = domain.ParseStream(r.Stream); err != nil {
		return recorded, fmt.Errorf("read the event at %d: %w", r.Position, err)
	}
	if recorded.Metadata, err = ParseMetadata(r.Metadata); err != nil {
		return recorded, fmt.Errorf("read the metadata at %d: %w", r.Position, err)
	}
	if recorded.Event, err = registry.Decode(r.Type, r.Data); err != nil {
		return recorded, fmt.Errorf("read the event at %d: %w", r.Position, err)
	}
	recorded.Event = personal.Bind(recorded.Event, recorded.ID)
	return recorded, nil
}

// ParseMetadata reads the bytes that the log keeps of an event's metadata. The
// client's address knows where it stands, so that it can be opened.
func ParseMetadata(written []byte) (Metadata, error) {
	var metadata Metadata
	if err := json.Unmarshal(written, &metadata); err != nil {
		return metadata, err
	}
	metadata.Client = metadata.Client.At(clientPlace(metadata))
	return metadata, nil
}

package eventstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"behalf/domain"
	"behalf/domain/personal"
)

// sealEvent seals what an event holds of people for where it will stand.
func (s *Store) sealEvent(ctx context.Context, event domain.Event, id domain.EventID) (domain.Event, error) {
	return personal.Edit(personal.Bind(event, id), func(texts []*personal.Text) error {
		return s.seal(ctx, texts...)
	})
}

// sealMetadata seals the client's address for the command: all events of a
// request carry the same metadata.
func (s *Store) sealMetadata(ctx context.Context, metadata Metadata) (Metadata, error) {
	if metadata.Client.IsZero() {
		return metadata, nil
	}
	if metadata.CommandID == uuid.Nil {
		return metadata, errors.New("metadata with a client's address names no command to seal it for")
	}
	metadata.Client = metadata.Client.At(clientPlace(metadata))
	if err := s.seal(ctx, &metadata.Client); err != nil {
		return metadata, fmt.Errorf("seal the metadata: %w", err)
	}
	return metadata, nil
}

// clientPlace is where the client's address of a command stands.
func clientPlace(metadata Metadata) personal.Place {
	return personal.Place{ID: metadata.CommandID, Field: "client"}
}

func (s *Store) seal(ctx context.Context, texts ...*personal.Text) error {
	if s.persons == nil {
		return personal.ErrUnsealed
	}
	return s.persons.Seal(ctx, texts...)
}

package audit

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
)

// names maps written ids to what people call the thing.
type names map[string]string

// of is the name for an id, or the id itself.
func (n names) of(id string) string {
	if name, known := n[id]; known {
		return name
	}
	return id
}

// namesOf are the names of users as of now, all read at once.
func (a Auditor) namesOf(ctx context.Context, users ...domain.UserID) (map[domain.UserID]string, error) {
	streams := make([]domain.Stream, len(users))
	for i, id := range users {
		streams[i] = user.Stream(id)
	}
	loaded, err := a.Store.Load(ctx, eventstore.Scope{}, streams...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	called := map[domain.UserID]string{}
	for i, id := range users {
		person := *domain.Fact[*user.User](loaded.Facts, streams[i])
		switch {
		case person.Erased:
			called[id] = personal.Erased
		case person.Registered:
			if err := a.Reader.Persons.Open(ctx, &person.Name); err != nil {
				return nil, fmt.Errorf("open a name: %w", err)
			}
			called[id] = person.Name.Reveal()
		default:
			called[id] = id.String()
		}
	}
	return called, nil
}

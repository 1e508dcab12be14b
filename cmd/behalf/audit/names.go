package audit

import (
	"context"

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

func (a Auditor) nameOf(ctx context.Context, id domain.UserID) (string, error) {
	state, _, err := a.Store.StateAt(ctx, eventstore.Scope{User: id}, user.Stream(id), eventstore.UpTo{})
	if err != nil {
		return "", err
	}
	person := state.(*user.User)
	switch {
	case person.Erased:
		return personal.Erased, nil
	case person.Registered:
		err := a.Reader.Persons.Open(ctx, &person.Name)
		return person.Name.Reveal(), err
	}
	return id.String(), nil
}

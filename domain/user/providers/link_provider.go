package providers

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// maxLinked bounds how many accounts at providers one person signs in with.
const maxLinked = 20

// LinkProvider lets the person sign in with an account at a provider, after
// the provider has said whose it is.
type LinkProvider struct {
	Linked   user.LinkedID `json:"linked"`
	Provider string        `json:"-"` // as it is configured
}

// Decide answers R32 to everybody but the person. What is linked stays so.
func (c LinkProvider) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if u.Means.Linked[c.Linked] {
		return nil, nil
	}
	if len(u.Means.Linked) >= maxLinked {
		return nil, domain.Clash(0, "too_many", "At most 20 accounts at providers can be linked.")
	}
	return []domain.Event{user.ProviderLinked{Linked: c.Linked, Provider: personal.New(by.User, c.Provider)}}, nil
}

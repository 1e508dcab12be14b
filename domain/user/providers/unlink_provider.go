package providers

import (
	"behalf/domain"
	"behalf/domain/user"
)

// UnlinkProvider ends signing in with an account at a provider.
type UnlinkProvider struct {
	Linked user.LinkedID `json:"linked"`
}

// Decide answers R32 to everybody but the person. What is not linked stays so.
func (c UnlinkProvider) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if !u.Means.Linked[c.Linked] {
		return nil, nil
	}
	return []domain.Event{user.ProviderUnlinked(c)}, nil
}

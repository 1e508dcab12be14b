package user

import "behalf/domain"

// UnlinkProvider ends signing in with an account at a provider.
type UnlinkProvider struct {
	Linked LinkedID `json:"linked"`
}

// Decide answers R32 to everybody but the person. What is not linked stays so.
func (c UnlinkProvider) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	if !u.Means.Linked[c.Linked] {
		return nil, nil
	}
	return []domain.Event{ProviderUnlinked(c)}, nil
}

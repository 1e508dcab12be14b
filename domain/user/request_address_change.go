package user

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// RequestAddressChange asks for a link at another address, by which it becomes
// the person's.
type RequestAddressChange struct {
	Email Email `json:"email"`
}

// Decide answers R32 to everybody but the person, and refuses what is no address.
func (c RequestAddressChange) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	if err := c.Email.Check("email"); err != nil {
		return nil, err
	}
	return []domain.Event{AddressChangeRequested{Email: personal.New(by.User, string(c.Email))}}, nil
}

package address

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// RequestAddressChange asks for a link at another address, by which it becomes
// the person's.
type RequestAddressChange struct {
	Email user.Email `json:"email"`
}

// Decide answers R32 to everybody but the person, and refuses what is no address.
func (c RequestAddressChange) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if err := c.Email.Check("email"); err != nil {
		return nil, err
	}
	return []domain.Event{user.AddressChangeRequested{Email: personal.New(by.User, string(c.Email))}}, nil
}

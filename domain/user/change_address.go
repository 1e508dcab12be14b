package user

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// ChangeAddress makes the address that a link was mailed to the person's.
type ChangeAddress struct {
	Link Link `json:"-"` // what the token proves

	// Email and Former are the pending and the present address in words: they
	// stand sealed in the state, for other events.
	Email  Email `json:"-"`
	Former Email `json:"-"`
}

// Decide answers R32 to everybody but the person who holds the link, and
// refuses one that is superseded, used or has expired.
func (c ChangeAddress) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	if c.Link.Person != by.User {
		return nil, domain.Hidden()
	}
	if err := u.Opens(c.Link, ToChangeAddress, by.Now); err != nil {
		return nil, err
	}
	return []domain.Event{AddressChanged{
		Email:  personal.New(by.User, string(c.Email)),
		Former: personal.New(by.User, string(c.Former)),
	}}, nil
}

package address

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// ChangeAddress makes the address that a link was mailed to the person's.
type ChangeAddress struct {
	Link user.Link `json:"-"` // what the token proves

	// Email and Former are the pending and the present address in words: they
	// stand sealed in the state, for other events.
	Email  user.Email `json:"-"`
	Former user.Email `json:"-"`
}

// Decide answers R32 to everybody but the person who holds the link, and
// refuses one that is superseded, used or has expired.
func (c ChangeAddress) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if c.Link.Person != by.User {
		return nil, domain.Hidden()
	}
	if err := u.Opens(c.Link, user.ToChangeAddress, by.Now); err != nil {
		return nil, err
	}
	return []domain.Event{user.AddressChanged{
		Email:  personal.New(by.User, string(c.Email)),
		Former: personal.New(by.User, string(c.Former)),
	}}, nil
}

package password

import (
	"behalf/domain"
	"behalf/domain/user"
)

// ResetPassword records that a mailed link set a new password. The link works
// once: two that come at the same moment decide one after the other.
type ResetPassword struct {
	Link user.Link `json:"-"` // what the token proves
}

// Decide answers R32 to who holds no genuine link of the person, and refuses
// one that is superseded, used or has expired. Who has the link reads the mail
// of the address, which is verified by that.
func (c ResetPassword) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if c.Link.Person != by.User {
		return nil, domain.Hidden()
	}
	if err := u.Opens(c.Link, user.ToResetPassword, by.Now); err != nil {
		return nil, err
	}
	events := []domain.Event{user.PasswordResetCompleted{}}
	if !u.Verified {
		events = append(events, user.AddressVerified{})
	}
	return events, nil
}

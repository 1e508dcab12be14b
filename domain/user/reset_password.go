package user

import "behalf/domain"

// ResetPassword records that a mailed link set a new password. The link works
// once: two that come at the same moment decide one after the other.
type ResetPassword struct {
	Link Link `json:"-"` // what the token proves
}

// Decide answers R32 to who holds no genuine link of the person, and refuses
// one that is superseded, used or has expired. Who has the link reads the mail
// of the address, which is verified by that.
func (c ResetPassword) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	if c.Link.Person != by.User {
		return nil, domain.Hidden()
	}
	if err := u.Opens(c.Link, ToResetPassword, by.Now); err != nil {
		return nil, err
	}
	events := []domain.Event{PasswordResetCompleted{}}
	if !u.Verified {
		events = append(events, AddressVerified{})
	}
	return events, nil
}

package password

import (
	"behalf/domain"
	"behalf/domain/user"
)

// ChangePassword records that the person set a new password, having shown the
// one before.
type ChangePassword struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 to everybody but the person.
func (c ChangePassword) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if c.Person != by.User {
		return nil, domain.Hidden()
	}
	return []domain.Event{user.PasswordChanged{}}, nil
}

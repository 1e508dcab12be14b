package password

import (
	"behalf/domain"
	"behalf/domain/user"
)

// RequestPasswordReset asks for a link that sets a new password, mailed to the
// person's address. Anybody may ask; nobody is told whether there is such a
// person. It is asked in the person's name, because nobody else's stream is seen.
type RequestPasswordReset struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 of who is not registered.
func (c RequestPasswordReset) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil || c.Person != by.User {
		return nil, domain.Hidden()
	}
	return []domain.Event{user.PasswordResetRequested{}}, nil
}

package user

import "behalf/domain"

// RequestPasswordReset asks for a link that sets a new password, mailed to the
// person's address. Anybody may ask; nobody is told whether there is such a person.
type RequestPasswordReset struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 to everybody but a part of Behalf, and of who is not registered.
func (c RequestPasswordReset) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !u.Registered {
		return nil, domain.Hidden()
	}
	return []domain.Event{PasswordResetRequested{}}, nil
}

package address

import (
	"behalf/domain"
	"behalf/domain/user"
)

// RequestVerification asks for another mail to verify an address by. Anybody
// may ask, in the person's name; nobody is told whether there is such a person.
type RequestVerification struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 of who is not registered. An address that is verified already needs no mail.
func (c RequestVerification) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil || c.Person != by.User {
		return nil, domain.Hidden()
	}
	if u.Verified {
		return nil, nil
	}
	return []domain.Event{user.VerificationRequested{}}, nil
}

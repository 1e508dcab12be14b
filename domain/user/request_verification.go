package user

import "behalf/domain"

// RequestVerification asks for another mail to verify an address by. Anybody
// may ask; nobody is told whether there is such a person.
type RequestVerification struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 to everybody but a part of Behalf, and of who is not
// registered. An address that is verified already needs no mail.
func (c RequestVerification) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !u.Registered {
		return nil, domain.Hidden()
	}
	if u.Verified {
		return nil, nil
	}
	return []domain.Event{VerificationRequested{}}, nil
}

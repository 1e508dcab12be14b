package user

import "behalf/domain"

// RepeatRegistration notes that somebody tried to register an address that is
// registered already: whoever did is answered as if it were new.
type RepeatRegistration struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 to everybody but a part of Behalf, and of who is not registered.
func (c RepeatRegistration) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !u.Registered {
		return nil, domain.Hidden()
	}
	return []domain.Event{RegistrationRepeated{}}, nil
}

package user

import "behalf/domain"

// RepeatRegistration notes that somebody tried to register an address that is
// registered already: whoever did is answered as if it were new. It is noted in
// the person's name, who need not be the one who tried.
type RepeatRegistration struct {
	Person domain.UserID `json:"person"`
}

// Decide answers R32 of who is not registered.
func (c RepeatRegistration) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil || c.Person != by.User {
		return nil, domain.Hidden()
	}
	return []domain.Event{RegistrationRepeated{}}, nil
}

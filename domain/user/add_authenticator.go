package user

import "behalf/domain"

// AddAuthenticator makes codes of an authenticator app count, after the person
// has shown one.
type AddAuthenticator struct {
	Factor FactorID `json:"factor"`
}

// Decide answers R32 to everybody but the person. The first factor enables
// two-factor authentication (R63).
func (c AddAuthenticator) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	return u.added(c.Factor, AuthenticatorAdded(c)), nil
}

package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// AddAuthenticator makes codes of an authenticator app count, after the person
// has shown one.
type AddAuthenticator struct {
	Factor user.FactorID `json:"factor"`

	Counting []user.FactorID `json:"-"` // the person's factors that can be proved; looked up
}

// Decide answers R32 to everybody but the person. The first factor enables
// two-factor authentication (R63).
func (c AddAuthenticator) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	return added(u, c.Factor, c.Counting, user.AuthenticatorAdded{Factor: c.Factor}), nil
}

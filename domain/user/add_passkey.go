package user

import "behalf/domain"

// AddPasskey makes a passkey count, after it has signed a challenge.
type AddPasskey struct {
	Factor FactorID `json:"factor"`
}

// Decide answers R32 to everybody but the person. The first factor enables
// two-factor authentication (R63).
func (c AddPasskey) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	return u.added(c.Factor, PasskeyAdded(c)), nil
}

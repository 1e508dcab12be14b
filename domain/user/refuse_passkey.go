package user

import "behalf/domain"

// RefusePasskey records that a passkey was not accepted, because there may be
// a copy of it.
type RefusePasskey struct {
	Factor FactorID `json:"factor"`
}

// Decide answers R32 to everybody but the person who has this factor.
func (c RefusePasskey) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	if !u.Means.Factors[c.Factor] {
		return nil, domain.Hidden()
	}
	return []domain.Event{PasskeyRefused(c)}, nil
}

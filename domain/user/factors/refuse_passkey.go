package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// RefusePasskey records that a passkey was not accepted, because there may be
// a copy of it.
type RefusePasskey struct {
	Factor user.FactorID `json:"factor"`
}

// Decide answers R32 to everybody but the person who has this factor.
func (c RefusePasskey) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if !u.Means.Factors[c.Factor] {
		return nil, domain.Hidden()
	}
	return []domain.Event{user.PasskeyRefused(c)}, nil
}

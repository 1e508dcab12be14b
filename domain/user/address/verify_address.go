package address

import (
	"behalf/domain"
	"behalf/domain/user"
)

// VerifyAddress records that mail to the person's address reaches them. Who
// issues it has seen the proof; that of a link is checked here.
type VerifyAddress struct {
	Proof user.Proof `json:"-"`
	Link  user.Link  `json:"-"` // with ByLink: what the token proves
}

// Decide answers R32 to everybody but the person, and to who holds no genuine
// link of theirs; it refuses a link that is superseded, used or has expired.
// Any other proof of an address that is verified already changes nothing.
func (c VerifyAddress) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	switch c.Proof {
	case user.ByLink:
		if c.Link.Person != by.User {
			return nil, domain.Hidden()
		}
		if err := u.Opens(c.Link, user.ToVerify, by.Now); err != nil {
			return nil, err
		}
	case user.ByInvitation, user.ByReset, user.ByProvider:
		if u.Verified {
			return nil, nil
		}
	default:
		return nil, domain.Hidden()
	}
	return []domain.Event{user.AddressVerified{}}, nil
}

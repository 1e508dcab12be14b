package user

import "behalf/domain"

// Proof says how an address was shown to reach the person.
type Proof string

// The proofs of an address. A link counts because it was mailed there and
// nowhere else, whatever it was for.
const (
	ByLink       Proof = "link"       // that was mailed to verify it
	ByInvitation Proof = "invitation" // that was mailed there and accepted (R23)
	ByReset      Proof = "reset"      // of the password, by a link mailed there
	ByProvider   Proof = "provider"   // the provider that the person signed in with says so
)

// VerifyAddress records that mail to the person's address reaches them. Who
// issues it has seen the proof; that of a link is checked here.
type VerifyAddress struct {
	Proof Proof `json:"-"`
	Link  Link  `json:"-"` // with ByLink: what the token proves
}

// Decide answers R32 to everybody but the person, and to who holds no genuine
// link of theirs; it refuses a link that is superseded, used or has expired.
// Any other proof of an address that is verified already changes nothing.
func (c VerifyAddress) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.isSelf(by); err != nil {
		return nil, err
	}
	switch c.Proof {
	case ByLink:
		if c.Link.Person != by.User {
			return nil, domain.Hidden()
		}
		if err := u.Opens(c.Link, ToVerify, by.Now); err != nil {
			return nil, err
		}
	case ByInvitation, ByReset, ByProvider:
		if u.Verified {
			return nil, nil
		}
	default:
		return nil, domain.Hidden()
	}
	return []domain.Event{AddressVerified{}}, nil
}

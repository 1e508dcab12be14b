package user

import (
	"strings"

	"behalf/domain"
	"behalf/domain/personal"
)

// maxName is how many characters a person's name may have.
const maxName = 100

// Register opens a user account for the person who acts. Their id exists
// already when somebody invited them before. Until their address is verified
// they cannot sign in: else whoever registers an address that is not theirs
// would be told, by being let in, that nobody has registered it, and could wait
// in the account for its owner.
type Register struct {
	Email Email  `json:"email"`
	Name  string `json:"name"`

	// Proof is how the address was seen to reach the person already; empty when
	// it was not, and a mail lets them verify it.
	Proof Proof `json:"-"`
}

// Decide answers R32 to whoever is not a person, and refuses a malformed
// address or name, and a person who is registered already or was erased (R66).
func (c Register) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if by.User.IsZero() {
		return nil, domain.Hidden()
	}
	if err := c.Email.Check("email"); err != nil {
		return nil, err
	}
	name := strings.TrimSpace(c.Name)
	if !domain.IsLine(name, maxName) {
		return nil, domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	if u.Erased {
		return nil, domain.Clash(domain.R66, "erased", "This person was erased. Register again and be another one.")
	}
	if u.Registered {
		return nil, domain.Clash(0, "already_registered", "This person is registered already.")
	}
	events := []domain.Event{Registered{
		Email: personal.New(by.User, string(c.Email)),
		Name:  personal.New(by.User, name),
	}}
	if c.Proof != "" {
		events = append(events, AddressVerified{})
	}
	return events, nil
}

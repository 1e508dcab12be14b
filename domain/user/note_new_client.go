package user

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// maxClient is how many characters the description of a client may have.
const maxClient = 100

// NoteNewClient records that the person signed in from a client that they had
// not used before; a mail tells them.
type NoteNewClient struct {
	Client string `json:"client"` // "Firefox on Linux"
}

// Decide answers R32 to everybody but the person.
func (c NoteNewClient) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if !domain.IsLine(c.Client, maxClient) {
		return nil, domain.Wrong(0, "client", "malformed_name", "A client's description is one line of 1 to 100 characters.")
	}
	return []domain.Event{NewClientNoted{Client: personal.New(by.User, c.Client)}}, nil
}

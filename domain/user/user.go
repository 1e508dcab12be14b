// Package user holds the people who sign in. Passwords, sessions and tokens
// are not here: no secret is ever part of a history.
package user

import "behalf/domain"

// User is a person with a user account, folded from their stream.
type User struct {
	Registered bool
	Email      Email
	Name       string
}

// Evolve takes one more event into the state.
func (u *User) Evolve(event domain.Event) {
	if e, ok := event.(Registered); ok {
		u.Registered, u.Email, u.Name = true, e.Email, e.Name
	}
}

// Clone returns an independent copy.
func (u *User) Clone() domain.State {
	clone := *u
	return &clone
}

// Stream names the person's stream.
func Stream(id domain.UserID) domain.Stream { return domain.StreamOf(domain.UserStreams, id) }

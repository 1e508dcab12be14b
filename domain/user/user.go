// Package user holds the people who sign in. Passwords, sessions and tokens
// are not here: no secret is ever part of a history.
package user

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// User is a person with a user account, folded from their stream.
// Their address and name are as sealed in it as they were in the events.
type User struct {
	Registered bool
	Erased     bool // R66; registered no more
	Email      personal.Text
	Name       personal.Text
}

// Evolve takes one more event into the state.
func (u *User) Evolve(event domain.Event) {
	switch e := event.(type) {
	case Registered:
		u.Registered, u.Email, u.Name = true, e.Email, e.Name
	case Erased:
		*u = User{Erased: true}
	}
}

// Clone returns an independent copy.
func (u *User) Clone() domain.State {
	clone := *u
	return &clone
}

// Stream names the person's stream.
func Stream(id domain.UserID) domain.Stream { return domain.StreamOf(domain.UserStreams, id) }

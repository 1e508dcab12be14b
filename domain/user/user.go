// Package user holds the people who sign in. Passwords, sessions and tokens
// are not here: no secret is ever part of a history.
package user

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// User is a person with a user account, folded from their stream.
// Everything personal is as sealed in it as it was in the events.
type User struct {
	Registered bool
	Erased     bool // R66; registered no more
	Verified   bool // mail to the address is known to reach the person
	Email      personal.Text
	Name       personal.Text
	TimeZone   personal.Text
	Language   personal.Text
	Pending    personal.Text // the address that they want instead; zero: none

	Verification int // generation of the newest link that verifies the address
	Change       int // of the newest link that changes it
	Reset        int // of the newest link that sets a new password
	ResetOpen    bool

	Means Means // besides the password
}

// Evolve takes one more event into the state.
func (u *User) Evolve(event domain.Event) {
	switch e := event.(type) {
	case Registered:
		u.Registered, u.Email, u.Name, u.Verification = true, e.Email, e.Name, 1
	case VerificationRequested:
		u.Verification++
	case AddressVerified:
		u.Verified = true
	case AddressChangeRequested:
		u.Change, u.Pending = u.Change+1, e.Email
	case AddressChanged: // links that went to the former address are dead
		u.Verified, u.Email, u.Pending, u.ResetOpen = true, e.Email, personal.Text{}, false
	case PasswordResetRequested:
		u.Reset, u.ResetOpen = u.Reset+1, true
	case PasswordResetCompleted: // whoever asked for another address before may not be the person
		u.ResetOpen, u.Pending = false, personal.Text{}
	case PasswordChanged:
		u.ResetOpen = false
	case ProfileChanged:
		u.Name, u.TimeZone, u.Language = e.Name, e.TimeZone, e.Language
	case Erased:
		*u = User{Erased: true}
	default:
		u.Means.evolve(event)
	}
}

// Clone returns an independent copy.
func (u *User) Clone() domain.State {
	clone := *u
	clone.Means = u.Means.clone()
	return &clone
}

// Admit answers R32 to everybody but the registered person.
func (u User) Admit(by domain.Actor) error {
	if by.User.IsZero() || !u.Registered {
		return domain.Hidden()
	}
	return nil
}

// Stream names the person's stream.
func Stream(id domain.UserID) domain.Stream { return domain.StreamOf(domain.UserStreams, id) }

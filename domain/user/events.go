package user

import "behalf/domain/personal"

// Registered: a person opened a user account of their own.
type Registered struct {
	Email personal.Text `json:"email"`
	Name  personal.Text `json:"name"`
}

// Erased: everything personal about this person was given up for good (R66).
// Their key is destroyed because of it.
type Erased struct{}

// EventType names the event in the log.
func (Registered) EventType() string { return "user.registered.v1" }

// EventType names the event in the log.
func (Erased) EventType() string { return "user.erased.v1" }

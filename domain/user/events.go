package user

import "behalf/domain/personal"

// Registered: a person opened a user account of their own. The mail that lets
// them verify their address goes out because of it.
type Registered struct {
	Email personal.Text `json:"email"`
	Name  personal.Text `json:"name"`
}

// RegistrationRepeated: somebody tried to open an account for an address that
// has one. Whoever did is told nothing; a mail tells the address.
type RegistrationRepeated struct{}

// VerificationRequested: another mail to verify the address by was asked for.
// The links before it are dead.
type VerificationRequested struct{}

// AddressVerified: mail to the address reaches the person. The command that it
// came by says how that is known.
type AddressVerified struct{}

// AddressChangeRequested: the person wants another address; a link is mailed there.
type AddressChangeRequested struct {
	Email personal.Text `json:"email"`
}

// AddressChanged: the person has another address, verified; the former one is told.
type AddressChanged struct {
	Email  personal.Text `json:"email"`
	Former personal.Text `json:"former"`
}

// PasswordResetRequested: somebody who knows the address, and nothing else,
// asked for a link that sets a new password. The links before it are dead.
type PasswordResetRequested struct{}

// PasswordResetCompleted: a new password was set by a mailed link, and all sessions ended.
type PasswordResetCompleted struct{}

// PasswordChanged: the person set a new password, knowing the one before.
type PasswordChanged struct{}

// ProfileChanged: what the person says about themselves, all of it as it is now.
type ProfileChanged struct {
	Name     personal.Text `json:"name"`
	TimeZone personal.Text `json:"time_zone"` // an IANA name; empty: not said
	Language personal.Text `json:"language"`  // a BCP 47 tag; empty: not said
}

// NewClientNoted: the person signed in from a client that they had not used before.
type NewClientNoted struct {
	Client personal.Text `json:"client"` // "Firefox on Linux"
}

// Erased: everything personal about this person was given up for good (R66).
// Their key is destroyed because of it.
type Erased struct{}

// EventType names the event in the log.
func (Registered) EventType() string { return "user.registered.v1" }

// EventType names the event in the log.
func (RegistrationRepeated) EventType() string { return "user.registration_repeated.v1" }

// EventType names the event in the log.
func (VerificationRequested) EventType() string { return "user.verification_requested.v1" }

// EventType names the event in the log.
func (AddressVerified) EventType() string { return "user.address_verified.v1" }

// EventType names the event in the log.
func (AddressChangeRequested) EventType() string { return "user.address_change_requested.v1" }

// EventType names the event in the log.
func (AddressChanged) EventType() string { return "user.address_changed.v1" }

// EventType names the event in the log.
func (PasswordResetRequested) EventType() string { return "user.password_reset_requested.v1" }

// EventType names the event in the log.
func (PasswordResetCompleted) EventType() string { return "user.password_reset_completed.v1" }

// EventType names the event in the log.
func (PasswordChanged) EventType() string { return "user.password_changed.v1" }

// EventType names the event in the log.
func (ProfileChanged) EventType() string { return "user.profile_changed.v1" }

// EventType names the event in the log.
func (NewClientNoted) EventType() string { return "user.new_client_noted.v1" }

// EventType names the event in the log.
func (Erased) EventType() string { return "user.erased.v1" }

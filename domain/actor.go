package domain

import "time"

// Actor is who issues a command and when: either a signed-in user, or a part
// of Behalf itself. It also carries what a pure decision cannot make: the time
// and new ids.
type Actor struct {
	User UserID // who is signed in; zero when Behalf itself acts
	// TwoFactor says that the user has proved a second factor (R63).
	TwoFactor bool
	Part      string // which part of Behalf acts ("publish", "sweeper"); empty for a user

	Now   time.Time       // the moment of the decision, UTC
	Fresh func() [16]byte // a new UUIDv7 at each call

	// Address is where the request came from, an IP address; empty when nobody
	// asked from outside. It is recorded, sealed (R66), and decides nothing.
	Address string
}

// IsSystem reports whether a part of Behalf acts rather than a user.
func (a Actor) IsSystem() bool { return a.User.IsZero() && a.Part != "" }

// The ids that a decision may need to make.
func (a Actor) NewWorkspaceID() WorkspaceID   { return a.Fresh() }
func (a Actor) NewAccountID() AccountID       { return a.Fresh() }
func (a Actor) NewPostID() PostID             { return a.Fresh() }
func (a Actor) NewInvitationID() InvitationID { return a.Fresh() }
func (a Actor) NewAttemptID() AttemptID       { return a.Fresh() }
func (a Actor) NewExportID() ExportID         { return a.Fresh() }
func (a Actor) NewCommentID() CommentID       { return a.Fresh() }

package account

import (
	"time"

	"behalf/domain"
)

// Connected: a user authorized Behalf at the network for this account.
type Connected struct {
	Workspace  domain.WorkspaceID  `json:"workspace"`
	Network    string              `json:"network"`
	Remote     string              `json:"remote"` // the network's own id of the account
	Connection domain.ConnectionID `json:"connection"`
	Holder     domain.UserID       `json:"holder"`
	Identity   string              `json:"identity,omitempty"` // posting identity chosen with it (R39, R40)
	Replaces   domain.ConnectionID `json:"replaces,omitzero"`  // the holder's connection until now: a reauthentication (R46)
}

// ReauthenticationNeeded: a holder has no usable connection and was asked to
// mend it, once for this outage (R44).
type ReauthenticationNeeded struct {
	Holder     domain.UserID       `json:"holder"`              // whose connection it is, and who alone mends it (R35, R38)
	Connection domain.ConnectionID `json:"connection,omitzero"` // the one that died; none if the holder never had one
	Code       string              `json:"code"`                // the network's own word, or "no_connection"
	Detail     string              `json:"detail"`              // the same in plain words
}

// ConnectionDestroyed: a stored authorization was given up, because its holder
// is no member of the workspace any more, or the account is not in it (R62).
type ConnectionDestroyed struct {
	Holder       domain.UserID       `json:"holder"`
	Connection   domain.ConnectionID `json:"connection"`
	Disconnected bool                `json:"disconnected,omitempty"` // the holder had disconnected it, and need not be asked for another one
}

// Disconnected: a holder gave up their own connection. Nothing is published
// through it from here on; what is stored of it is destroyed next.
type Disconnected struct {
	Holder     domain.UserID       `json:"holder"`
	Connection domain.ConnectionID `json:"connection"`
}

// SlotReserved: a post goes out to the account at a moment, and no other one
// within a minute of it (R57). It replaces the post's former slot.
type SlotReserved struct {
	Post    domain.PostID `json:"post"`
	At      time.Time     `json:"at"`
	Decided time.Time     `json:"decided"` // when that was decided: what lies a minute before can be forgotten
}

// SlotReleased: the post does not go out then.
type SlotReleased struct {
	Post domain.PostID `json:"post"`
}

// PostingIdentityChanged: a holder chose whom posts through their connection
// appear as (R36, R39). Empty is the account itself.
type PostingIdentityChanged struct {
	Holder     domain.UserID       `json:"holder"`
	Connection domain.ConnectionID `json:"connection"`
	From       string              `json:"from,omitempty"`
	To         string              `json:"to,omitempty"`
}

// HolderReminded: whoever was asked to mend a connection was reminded of it,
// so many days later.
type HolderReminded struct {
	Holder     domain.UserID       `json:"holder"`
	Connection domain.ConnectionID `json:"connection,omitzero"` // none if the holder never had one
	Days       int                 `json:"days"`
}

// ExpiryAnnounced: a holder was told that their connection will run out and
// cannot be renewed without them, once for this connection.
type ExpiryAnnounced struct {
	Holder     domain.UserID       `json:"holder"`
	Connection domain.ConnectionID `json:"connection"`
	Expires    time.Time           `json:"expires"`
}

// The events' names in the log.

func (Connected) EventType() string              { return "account.connected.v1" }
func (ReauthenticationNeeded) EventType() string { return "account.reauthentication_needed.v1" }
func (ConnectionDestroyed) EventType() string    { return "account.connection_destroyed.v1" }
func (SlotReserved) EventType() string           { return "account.slot_reserved.v1" }
func (SlotReleased) EventType() string           { return "account.slot_released.v1" }
func (Disconnected) EventType() string           { return "account.disconnected.v1" }
func (PostingIdentityChanged) EventType() string { return "account.posting_identity_changed.v1" }
func (HolderReminded) EventType() string         { return "account.holder_reminded.v1" }
func (ExpiryAnnounced) EventType() string        { return "account.expiry_announced.v1" }

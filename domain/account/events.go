package account

import "behalf/domain"

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
	Holder     domain.UserID       `json:"holder"`
	Connection domain.ConnectionID `json:"connection"`
}

// The events' names in the log.

func (Connected) EventType() string              { return "account.connected.v1" }
func (ReauthenticationNeeded) EventType() string { return "account.reauthentication_needed.v1" }
func (ConnectionDestroyed) EventType() string    { return "account.connection_destroyed.v1" }

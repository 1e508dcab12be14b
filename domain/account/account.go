// Package account holds social accounts: who is connected to each, and
// whether those connections still work. Tokens are not here; events name a
// connection only by its id.
package account

import (
	"maps"

	"behalf/domain"
)

// Account is a social account folded from its stream.
type Account struct {
	Workspace   domain.WorkspaceID
	Network     string
	Remote      string
	Connections map[domain.UserID]Connection // by holder
	Outages     map[domain.UserID]Outage     // by the holder who was asked and has not mended it yet
}

// Connection is one holder's authorization for the account.
type Connection struct {
	ID       domain.ConnectionID
	Holder   domain.UserID
	State    ConnectionState
	Identity string // posting identity, empty where there is none (R40)
}

// ConnectionState says whether a connection can be used.
type ConnectionState string

// The connection states. Missing stands for a holder who never connected.
const (
	Active                ConnectionState = "active"
	NeedsReauthentication ConnectionState = "needs_reauthentication"
	Missing               ConnectionState = "missing"
)

// Outage is a holder's missing or dead connection that they were told of (R44).
type Outage struct {
	Code   string
	Detail string
}

// Stream names the account's stream.
func Stream(id domain.AccountID) domain.Stream { return domain.StreamOf(domain.AccountStreams, id) }

// Exists reports whether anybody ever connected the account.
func (a Account) Exists() bool { return !a.Workspace.IsZero() }

// ConnectionOf returns the holder's connection, in state Missing if there is none.
func (a Account) ConnectionOf(holder domain.UserID) Connection {
	if connection, ok := a.Connections[holder]; ok {
		return connection
	}
	return Connection{Holder: holder, State: Missing}
}

// Evolve takes one more event into the state.
func (a *Account) Evolve(event domain.Event) {
	switch e := event.(type) {
	case Connected:
		if a.Connections == nil {
			a.Workspace, a.Network, a.Remote = e.Workspace, e.Network, e.Remote
			a.Connections = map[domain.UserID]Connection{}
			a.Outages = map[domain.UserID]Outage{}
		}
		a.Connections[e.Holder] = Connection{ID: e.Connection, Holder: e.Holder, State: Active, Identity: e.Identity}
		delete(a.Outages, e.Holder)
	case ReauthenticationNeeded:
		a.Outages[e.Holder] = Outage{Code: e.Code, Detail: e.Detail}
		if connection, ok := a.Connections[e.Holder]; ok {
			connection.State = NeedsReauthentication
			a.Connections[e.Holder] = connection
		}
	case ConnectionDestroyed:
		delete(a.Connections, e.Holder)
		delete(a.Outages, e.Holder)
	}
}

// Clone returns an independent copy.
func (a *Account) Clone() domain.State {
	clone := *a
	clone.Connections = maps.Clone(a.Connections)
	clone.Outages = maps.Clone(a.Outages)
	return &clone
}

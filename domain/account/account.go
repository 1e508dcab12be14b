// Package account holds social accounts: who is connected to each, and
// whether those connections still work. Tokens are not here; events name a
// connection only by its id.
package account

import (
	"maps"
	"time"

	"behalf/domain"
)

// Account is a social account folded from its stream.
type Account struct {
	Workspace   domain.WorkspaceID
	Network     string
	Remote      string
	Connections map[domain.UserID]Connection // by holder
	Outages     map[domain.UserID]Outage     // by the holder who was asked and has not mended it yet
	Slots       map[domain.PostID]time.Time  // when posts go out here, or went out lately (R57)
}

// Connection is one holder's authorization for the account.
type Connection struct {
	ID        domain.ConnectionID
	Holder    domain.UserID
	State     ConnectionState
	Identity  string // posting identity, empty where there is none (R40)
	Announced bool   // its holder was told that it will run out
}

// ConnectionState says whether a connection can be used.
type ConnectionState string

// The connection states. Missing stands for a holder who has none; Revoked is
// one that its holder disconnected, until what is stored of it is destroyed.
const (
	Active                ConnectionState = "active"
	NeedsReauthentication ConnectionState = "needs_reauthentication"
	Revoked               ConnectionState = "revoked"
	Missing               ConnectionState = "missing"
)

// Outage is a holder's missing or dead connection that they were told of (R44).
type Outage struct {
	Code     string
	Detail   string
	Reminded int // of how many days they were reminded last
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

// Replaced is the connection that a new one of the holder takes the place of.
// One that they have disconnected is none: a new one begins from nothing.
func (a Account) Replaced(holder domain.UserID) Connection {
	if connection := a.ConnectionOf(holder); connection.State != Revoked {
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
		if connection, ok := a.Connections[e.Holder]; ok && connection.State != Revoked {
			connection.State = NeedsReauthentication
			a.Connections[e.Holder] = connection
		}
	case HolderReminded:
		if outage, open := a.Outages[e.Holder]; open {
			outage.Reminded = e.Days
			a.Outages[e.Holder] = outage
		}
	case ExpiryAnnounced:
		if connection, ok := a.Connections[e.Holder]; ok {
			connection.Announced = true
			a.Connections[e.Holder] = connection
		}
	case PostingIdentityChanged:
		if connection, ok := a.Connections[e.Holder]; ok {
			connection.Identity = e.To
			a.Connections[e.Holder] = connection
		}
	case Disconnected:
		if connection, ok := a.Connections[e.Holder]; ok {
			connection.State = Revoked
			a.Connections[e.Holder] = connection
		}
		delete(a.Outages, e.Holder)
	case ConnectionDestroyed:
		delete(a.Connections, e.Holder)
		if !e.Disconnected { // else: an outage since then is about what is missing now
			delete(a.Outages, e.Holder)
		}
	case SlotReserved:
		a.reserve(e)
	case SlotReleased:
		delete(a.Slots, e.Post)
	}
}

// Clone returns an independent copy.
func (a *Account) Clone() domain.State {
	clone := *a
	clone.Connections = maps.Clone(a.Connections)
	clone.Outages = maps.Clone(a.Outages)
	clone.Slots = maps.Clone(a.Slots)
	return &clone
}

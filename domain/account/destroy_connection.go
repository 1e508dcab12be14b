package account

import "behalf/domain"

// DestroyConnection gives up a stored authorization: its holder was removed or
// has left (R62), has disconnected it, or the workspace holds the account no more. What is stored
// of it is destroyed because of the event. The connection is named, so that one
// that was made since, by a member who came back, is not taken for it.
type DestroyConnection struct {
	Account    domain.AccountID
	Holder     domain.UserID
	Connection domain.ConnectionID
}

// Decide answers nothing when the holder has no connection any more, or another one.
func (c DestroyConnection) Decide(a Account, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !a.Exists() {
		return nil, domain.Hidden()
	}
	held, found := a.Connections[c.Holder]
	if !found || held.ID != c.Connection {
		return nil, nil
	}
	return []domain.Event{ConnectionDestroyed{
		Holder: c.Holder, Connection: c.Connection, Disconnected: held.State == Revoked,
	}}, nil
}

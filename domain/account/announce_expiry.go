package account

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// AnnounceExpiry tells a holder that their connection will run out and cannot
// be renewed without them, while there is time (R44).
type AnnounceExpiry struct {
	Account    domain.AccountID
	Holder     domain.UserID
	Connection domain.ConnectionID
	Expires    time.Time
}

// Decide answers nothing when the holder was told of this connection already,
// has another one by now, or was asked to mend it; nor when it is of no use.
func (c AnnounceExpiry) Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !a.Exists() {
		return nil, domain.Hidden()
	}
	held := a.ConnectionOf(c.Holder)
	if held.ID != c.Connection || held.State != Active || held.Announced || !Useful(w, c.Account, c.Holder) {
		return nil, nil
	}
	return []domain.Event{ExpiryAnnounced{Holder: c.Holder, Connection: c.Connection, Expires: c.Expires}}, nil
}

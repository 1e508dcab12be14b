package account

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// RecordReauthenticationNeeded notes that a holder has no usable connection,
// and thereby asks that one person to mend it (R44, R45).
type RecordReauthenticationNeeded struct {
	Account    domain.AccountID
	Holder     domain.UserID
	Connection domain.ConnectionID // the one that the network refused; zero if there is none
	Code       string              // the network's own code, or "no_connection"
	Detail     string              // plain words
}

// Decide answers nothing when the holder was asked already in this outage, or
// has connected again since. Nor while a disconnected connection is still to be
// destroyed: what is missing then is asked for. Nor when the connection is of no
// use: a member is not asked to mend what they may not (R35).
func (c RecordReauthenticationNeeded) Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !a.Exists() {
		return nil, domain.Hidden()
	}
	if _, asked := a.Outages[c.Holder]; asked {
		return nil, nil
	}
	held := a.ConnectionOf(c.Holder)
	if held.ID != c.Connection || held.State == Revoked || !Useful(w, c.Account, c.Holder) {
		return nil, nil
	}
	return []domain.Event{ReauthenticationNeeded{
		Holder: c.Holder, Connection: c.Connection, Code: c.Code, Detail: c.Detail,
	}}, nil
}

package account

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// DisconnectAccount gives up the user's own connection to an account. What is
// stored of it is destroyed, and ended at the network where it can be, because
// of the event. Posts that would have gone out through it wait (R44).
type DisconnectAccount struct {
	Account domain.AccountID `json:"account" doc:"The account that you are connected to."`
}

// Decide answers R32 to non-members and about accounts that the workspace does
// not hold, and refuses with R44 who has no connection there: nobody gives up
// the connection of somebody else.
func (c DisconnectAccount) Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error) {
	if _, err := w.Admit(by); err != nil {
		return nil, err
	}
	if _, held := w.Accounts[c.Account]; !held {
		return nil, domain.Hidden()
	}
	connection := a.ConnectionOf(by.User)
	if connection.State == Missing || connection.State == Revoked {
		return nil, domain.Clash(domain.R44, "not_connected", "You have no connection to this account.")
	}
	return []domain.Event{Disconnected{Holder: by.User, Connection: connection.ID}}, nil
}

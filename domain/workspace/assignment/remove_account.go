package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// RemoveAccount takes a social account out of the workspace: nobody is
// assigned to it any more, and nothing more is published to it (R7). The answer
// says which posts are stopped.
type RemoveAccount struct {
	Account domain.AccountID `json:"account" doc:"The social account."`

	Waiting []domain.PostID `json:"-"` // posts that would still be published there; looked up
}

// Decide lets the Owner remove any account, and whoever added one, while they
// may add accounts, that one. It refuses with R7 or R16 who may not, and with
// R27 an account that the workspace does not hold.
func (c RemoveAccount) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	member, err := w.Admit(by)
	if err != nil {
		return nil, err
	}
	if err := member.MayAddAccounts(); err != nil {
		return nil, err
	}
	account, held := w.Accounts[c.Account]
	switch {
	case member.Role != workspace.Owner && (!held || account.AddedBy != member.User):
		return nil, domain.Forbid(domain.R7, "account_of_others", "You remove only accounts that you added. The Owner removes any.")
	case !held:
		return nil, domain.Wrong(domain.R27, "account", "unknown_account", "The workspace does not hold this account.")
	}
	return []domain.Event{workspace.AccountRemoved{
		Account: c.Account, Name: account.Name, Network: account.Network, Stopped: c.Waiting, Unassigned: w.AssignedTo(c.Account),
	}}, nil
}

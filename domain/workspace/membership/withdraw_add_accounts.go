package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// WithdrawAddAccounts lets an Admin add social accounts no more (R7). Those
// that the Admin has added stay.
type WithdrawAddAccounts struct {
	workspace.Whom
}

// Decide refuses with R7 (not the Owner, or not an Admin). What is not granted
// stays so.
func (c WithdrawAddAccounts) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageAdmin(w, by, c.Whom)
	if err != nil || !of.Access.AddAccounts {
		return nil, err
	}
	return of.Becomes(workspace.AddingAccountsWithdrawn{Member: of.User}), nil
}

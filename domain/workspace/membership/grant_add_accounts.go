package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// GrantAddAccounts lets an Admin add social accounts (R7).
type GrantAddAccounts struct {
	workspace.Whom
}

// Decide refuses with R7 (not the Owner, or not an Admin). What is granted
// already stays so.
func (c GrantAddAccounts) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageAdmin(w, by, c.Whom)
	if err != nil || of.Access.AddAccounts {
		return nil, err
	}
	return of.Becomes(workspace.AddingAccountsGranted{Member: of.User}), nil
}

// manageAdmin finds the Admin whose flag the Owner changes.
func manageAdmin(w workspace.Workspace, by domain.Actor, whom workspace.Whom) (workspace.Subject, error) {
	of, err := w.ManageOwned(by, whom, domain.R7)
	if err == nil && of.Role != workspace.Admin {
		err = domain.Clash(domain.R7, "admins_only", "This flag is an Admin's. A Client's flags are changed together.")
	}
	return of, err
}

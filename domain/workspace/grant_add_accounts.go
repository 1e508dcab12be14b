package workspace

import "behalf/domain"

// GrantAddAccounts lets an Admin add social accounts (R7).
type GrantAddAccounts struct {
	Whom
}

// Decide refuses with R7 (not the Owner, or not an Admin). What is granted
// already stays so.
func (c GrantAddAccounts) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageAdmin(by, c.Whom)
	if err != nil || of.Access.AddAccounts {
		return nil, err
	}
	return of.becomes(AddingAccountsGranted{Member: of.User}), nil
}

// manageAdmin finds the Admin whose flag the Owner changes.
func (w Workspace) manageAdmin(by domain.Actor, whom Whom) (subject, error) {
	of, err := w.manageOwned(by, whom, domain.R7)
	if err == nil && of.Role != Admin {
		err = domain.Clash(domain.R7, "admins_only", "This flag is an Admin's. A Client's flags are changed together.")
	}
	return of, err
}

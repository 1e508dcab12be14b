package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// GrantAuditor lets a member, or somebody who is invited, read the history (R65).
type GrantAuditor struct {
	workspace.Whom
}

// Decide refuses with R65 (not the Owner, or about the Owner). What is granted
// already stays so.
func (c GrantAuditor) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageAuditor(w, by, c.Whom)
	if err != nil || of.Auditor {
		return nil, err
	}
	return of.Becomes(workspace.AuditorGranted{Member: of.User}), nil
}

// manageAuditor finds whom the Owner makes an auditor, or not one.
func manageAuditor(w workspace.Workspace, by domain.Actor, whom workspace.Whom) (workspace.Subject, error) {
	of, err := w.ManageOwned(by, whom, domain.R65)
	if err == nil && of.Role == workspace.Owner {
		err = domain.Clash(domain.R65, "owner_audits", "The Owner may read the history anyway.")
	}
	return of, err
}

package workspace

import "behalf/domain"

// GrantAuditor lets a member, or somebody who is invited, read the history (R65).
type GrantAuditor struct {
	Whom
}

// Decide refuses with R65 (not the Owner, or about the Owner). What is granted
// already stays so.
func (c GrantAuditor) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageAuditor(by, c.Whom)
	if err != nil || of.Auditor {
		return nil, err
	}
	return of.becomes(AuditorGranted{Member: of.User}), nil
}

// manageAuditor finds whom the Owner makes an auditor, or not one.
func (w Workspace) manageAuditor(by domain.Actor, whom Whom) (subject, error) {
	of, err := w.manageOwned(by, whom, domain.R65)
	if err == nil && of.Role == Owner {
		err = domain.Clash(domain.R65, "owner_audits", "The Owner may read the history anyway.")
	}
	return of, err
}

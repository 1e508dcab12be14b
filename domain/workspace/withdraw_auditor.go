package workspace

import "behalf/domain"

// WithdrawAuditor lets a member read the history no more (R65).
type WithdrawAuditor struct {
	Whom
}

// Decide refuses with R65 (not the Owner, or about the Owner). What is not
// granted stays so.
func (c WithdrawAuditor) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageAuditor(by, c.Whom)
	if err != nil || !of.Auditor {
		return nil, err
	}
	return of.becomes(AuditorWithdrawn{Member: of.User}), nil
}

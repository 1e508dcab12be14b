package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// WithdrawAuditor lets a member read the history no more (R65).
type WithdrawAuditor struct {
	workspace.Whom
}

// Decide refuses with R65 (not the Owner, or about the Owner). What is not
// granted stays so.
func (c WithdrawAuditor) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageAuditor(w, by, c.Whom)
	if err != nil || !of.Auditor {
		return nil, err
	}
	return of.Becomes(workspace.AuditorWithdrawn{Member: of.User}), nil
}

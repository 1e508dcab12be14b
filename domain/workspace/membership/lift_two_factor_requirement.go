package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// LiftTwoFactorRequirement stops asking a member, or somebody who is invited,
// for two-factor authentication in this workspace (R63).
type LiftTwoFactorRequirement struct {
	workspace.Whom
}

// Decide refuses with R63 who may not ask it of this member. What is not
// required stays so.
func (c LiftTwoFactorRequirement) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageTwoFactor(w, by, c.Whom)
	if err != nil || !of.RequireTwoFactor {
		return nil, err
	}
	return of.Becomes(workspace.TwoFactorRequirementLifted{Member: of.User}), nil
}

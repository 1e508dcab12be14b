package workspace

import "behalf/domain"

// LiftTwoFactorRequirement stops asking a member, or somebody who is invited,
// for two-factor authentication in this workspace (R63).
type LiftTwoFactorRequirement struct {
	Whom
}

// Decide refuses with R63 who may not ask it of this member. What is not
// required stays so.
func (c LiftTwoFactorRequirement) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageTwoFactor(by, c.Whom)
	if err != nil || !of.RequireTwoFactor {
		return nil, err
	}
	return of.becomes(TwoFactorRequirementLifted{Member: of.User}), nil
}

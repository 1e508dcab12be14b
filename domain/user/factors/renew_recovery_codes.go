package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// RenewRecoveryCodes replaces the person's recovery codes by ten new ones.
type RenewRecoveryCodes struct{}

// Decide answers R32 to everybody but the person, and refuses without
// two-factor authentication: there is nothing to recover.
func (c RenewRecoveryCodes) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if !u.Means.TwoFactor() {
		return nil, domain.Clash(0, "two_factor_off", "You have no second factor. Add one first.")
	}
	return []domain.Event{user.RecoveryCodesRenewed{}}, nil
}

package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// RemoveFactor gives up an authenticator or a passkey, and two-factor
// authentication with the last of them.
type RemoveFactor struct {
	Factor user.FactorID `json:"factor"`

	// RequiredBy are the workspaces that require two-factor authentication of the
	// person; they are looked up, because no stream has them all. A requirement
	// that comes a moment later shuts the person out of that workspace, no more.
	RequiredBy []domain.WorkspaceID `json:"-"`
}

// Decide answers R32 to everybody but the person, and refuses with R63 to
// remove the last factor while a workspace requires one. A factor that is gone
// stays so.
func (c RemoveFactor) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	if !u.Means.Factors[c.Factor] {
		return nil, nil
	}
	removed := []domain.Event{user.FactorRemoved{Factor: c.Factor}}
	if len(u.Means.Factors) > 1 {
		return removed, nil
	}
	if len(c.RequiredBy) > 0 {
		return nil, domain.Clash(domain.R63, "two_factor_in_use",
			"A workspace requires two-factor authentication of you. Add another factor before you remove the last one, or leave that workspace.")
	}
	return append(removed, user.TwoFactorDisabled{}), nil
}

package factors

import (
	"slices"

	"behalf/domain"
	"behalf/domain/user"
)

// RemoveFactor gives up an authenticator or a passkey, and two-factor
// authentication with the last of them.
type RemoveFactor struct {
	Factor user.FactorID `json:"factor"`

	// Counting are the person's factors that can be proved; looked up. Another
	// one in the history is no second factor that would be left.
	Counting []user.FactorID `json:"-"`

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
	left := slices.ContainsFunc(c.Counting, func(other user.FactorID) bool { return other != c.Factor && u.Means.Factors[other] })
	if !left && len(c.RequiredBy) > 0 && slices.Contains(c.Counting, c.Factor) {
		return nil, domain.Clash(domain.R63, "two_factor_in_use",
			"A workspace requires two-factor authentication of you. Add another factor before you remove the last one, or leave that workspace.")
	}
	if !u.Means.Factors[c.Factor] {
		return nil, nil
	}
	happened := removed(append([]user.FactorID{c.Factor}, strays(u, c.Factor, c.Counting)...))
	if !left {
		happened = append(happened, user.TwoFactorDisabled{})
	}
	return happened, nil
}

package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// added is what happens when a factor comes to count: nothing when it does
// already, so that a confirmation that broke off can be repeated.
func added(u user.User, factor user.FactorID, event domain.Event) []domain.Event {
	switch {
	case u.Means.Factors[factor]:
		return nil
	case u.Means.TwoFactor():
		return []domain.Event{event}
	default:
		return []domain.Event{event, user.TwoFactorEnabled{}}
	}
}

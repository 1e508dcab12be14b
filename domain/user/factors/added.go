package factors

import (
	"bytes"
	"slices"

	"behalf/domain"
	"behalf/domain/user"
)

// added is what happens when a factor comes to count: nothing when it does
// already, so that a confirmation that broke off can be repeated.
func added(u user.User, factor user.FactorID, counting []user.FactorID, event domain.Event) []domain.Event {
	happened := removed(strays(u, factor, counting))
	if u.Means.Factors[factor] {
		return happened
	}
	happened = append(happened, event)
	if !u.Means.TwoFactor() {
		happened = append(happened, user.TwoFactorEnabled{})
	}
	return happened
}

// strays are the factors besides one that are in the history and do not count:
// adding them broke off before they did, and was not repeated. Whatever changes
// factors next removes them, because nothing proves them.
func strays(u user.User, besides user.FactorID, counting []user.FactorID) (found []user.FactorID) {
	for factor := range u.Means.Factors {
		if factor != besides && !slices.Contains(counting, factor) {
			found = append(found, factor)
		}
	}
	slices.SortFunc(found, func(a, b user.FactorID) int { return bytes.Compare(a[:], b[:]) })
	return found
}

func removed(all []user.FactorID) (events []domain.Event) {
	for _, factor := range all {
		events = append(events, user.FactorRemoved{Factor: factor})
	}
	return events
}

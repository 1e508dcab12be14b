package command

import (
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// seen is an event as whoever gave the order sees it. An Admin who amends an
// invitation is not shown what it offers on accounts that the Admin does not
// have (R6, R27); who removes an account and manages no members, not who had it.
func (o Order) seen(event domain.Event) domain.Event {
	switch e := event.(type) {
	case workspace.InvitationAmended:
		e.Assignments = slices.DeleteFunc(slices.Clone(e.Assignments), func(a workspace.Assignment) bool {
			return !o.Admission.Member.Holds(a.Account)
		})
		return e
	case workspace.AccountRemoved:
		if !o.Admission.Manages() {
			e.Unassigned = nil
		}
		return e
	default:
		return event
	}
}

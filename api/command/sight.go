package command

import (
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// seen is an event as whoever gave the order sees it. An Admin who amends an
// invitation is not shown what it offers on accounts that the Admin does not
// have (R6, R27).
func (o Order) seen(event domain.Event) domain.Event {
	amended, is := event.(workspace.InvitationAmended)
	if !is {
		return event
	}
	amended.Assignments = slices.DeleteFunc(slices.Clone(amended.Assignments), func(a workspace.Assignment) bool {
		return !o.Admission.Member.Holds(a.Account)
	})
	return amended
}

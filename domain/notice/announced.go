package notice

import (
	"bytes"
	"maps"
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Announcements are the events that all members of a workspace are told of.
func Announcements() []domain.Event {
	return []domain.Event{
		workspace.Renamed{}, workspace.PublishingPaused{}, workspace.PublishingResumed{},
		workspace.Closed{}, workspace.DeletionScheduled{}, workspace.DeletionCancelled{},
	}
}

// Announced is what all members are told because of an event, except who did
// it; false for most events. It names nobody: who is a member says the
// workspace. About one account it is told to those alone who have it (R27).
func Announced(event domain.Event) (Notice, bool) {
	n := Notice{Kind: WorkspaceChanged}
	switch e := event.(type) {
	case workspace.Renamed:
		n.Details = Details{Change: Renaming, Name: e.From}
	case workspace.PublishingPaused:
		n.Account, n.Details = e.Account, Details{Change: Pausing}
	case workspace.PublishingResumed:
		n.Account, n.Details = e.Account, Details{Change: Resuming}
	case workspace.Closed:
		n = Notice{Kind: WorkspaceEnding, Details: Details{Change: Closing}}
	case workspace.DeletionScheduled:
		n = Notice{Kind: WorkspaceEnding, Details: Details{Change: Deleting, Until: e.Until}}
	case workspace.DeletionCancelled:
		n = Notice{Kind: WorkspaceEnding, Details: Details{Change: Remaining}}
	default:
		return Notice{}, false
	}
	return n, true
}

// toMembers addresses an announcement, in the order of ids.
func (n Notice) toMembers(w *workspace.Workspace, by domain.UserID) (told []Notice) {
	members := slices.SortedFunc(maps.Keys(w.Members), func(a, b domain.UserID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range members {
		if id == by || !n.Account.IsZero() && !w.Members[id].Holds(n.Account) {
			continue
		}
		n.To = id
		told = append(told, n)
	}
	return told
}

package account

import (
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// ReminderDays are after how many days of an outage its holder is reminded.
var ReminderDays = []int{1, 3, 7}

// RemindHolder reminds the one person who was asked to mend a connection and
// has not (R44).
type RemindHolder struct {
	Account domain.AccountID
	Holder  domain.UserID
	Days    int // since they were asked; one of ReminderDays
}

// Decide answers nothing when the outage is mended, when the holder was
// reminded of that many days already, or when the connection is of no use any
// more: nothing is published there, or the holder's posts go out through the
// Owner's by now (R35).
func (c RemindHolder) Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !a.Exists() || !slices.Contains(ReminderDays, c.Days) {
		return nil, domain.Hidden()
	}
	outage, open := a.Outages[c.Holder]
	if !open || outage.Reminded >= c.Days || !Useful(w, c.Account, c.Holder) {
		return nil, nil
	}
	return []domain.Event{HolderReminded{Holder: c.Holder, Connection: a.ConnectionOf(c.Holder).ID, Days: c.Days}}, nil
}

// Useful reports whether anything goes out, or may, through a holder's
// connection: the Owner's (R34), or that of a member who posts with their own (R37).
func Useful(w workspace.Workspace, id domain.AccountID, holder domain.UserID) bool {
	to, held := w.Accounts[id]
	if !held || to.ByHand || w.MustBeOpen() != nil {
		return false
	}
	return holder == w.Owner || w.Members[holder].Assignments[id].CredentialMode == workspace.MemberMode
}

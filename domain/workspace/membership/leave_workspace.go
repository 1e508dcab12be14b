package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// LeaveWorkspace ends one's own membership, with the consequences of being
// removed (R12, R61, R62).
type LeaveWorkspace struct {
	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses the Owner with R12.
func (c LeaveWorkspace) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	member, err := w.Admit(by)
	if err != nil {
		return nil, err
	}
	if member.Role == workspace.Owner {
		return nil, domain.Clash(domain.R12, "owner_stays", "The Owner cannot leave. Offer the ownership to another member first (R11), or close the workspace.")
	}
	return []domain.Event{workspace.MemberLeft{Member: member.User, Posts: c.Pending, OfferLapsed: w.OfferedTo == member.User}}, nil
}

package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// RemoveMember ends a membership at once (R61, R62, R64): the member's posts
// pass to the Owner, and their connections are destroyed.
type RemoveMember struct {
	Member domain.UserID `json:"member" doc:"Whose membership ends."`

	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses with R2 or R5 whose role the actor does not manage, and with
// R12 the Owner or somebody who is no member.
func (c RemoveMember) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	_, of, err := w.Manage(by, workspace.Whom{Member: c.Member}, domain.R12)
	if err != nil {
		return nil, err
	}
	if of.Role == workspace.Owner {
		return nil, domain.Clash(domain.R12, "owner_stays", "The Owner cannot be removed. The ownership moves by an offer (R11).")
	}
	return []domain.Event{workspace.MemberRemoved{Member: c.Member, Posts: c.Pending, OfferLapsed: w.OfferedTo == c.Member}}, nil
}

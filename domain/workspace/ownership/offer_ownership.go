package ownership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// OfferOwnership offers the workspace to another member; nothing changes until
// they accept (R11). An offer to somebody else is replaced.
type OfferOwnership struct {
	Member domain.UserID `json:"member" doc:"Who may become the Owner."`
}

// Decide refuses with R11 everybody but the Owner, and an offer to somebody
// who is no other member. The offer that stands already stays so.
func (c OfferOwnership) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R11); err != nil {
		return nil, err
	}
	member, known := w.Members[c.Member]
	switch {
	case !known:
		return nil, domain.Wrong(domain.R11, "member", "unknown_member", "This user is not a member.")
	case member.Role == workspace.Owner:
		return nil, domain.Wrong(domain.R11, "member", "is_the_owner", "You are the Owner already.")
	case w.OfferedTo == c.Member:
		return nil, nil
	}
	return []domain.Event{workspace.OwnershipOffered{To: c.Member}}, nil
}

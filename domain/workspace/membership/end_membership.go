package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// EndMembership lets somebody who was erased leave: nobody can act as them any
// more, and their posts are to go out in somebody's name (R61, R62, R66).
type EndMembership struct {
	// Member was erased. Whoever issues this has made sure of it, by the log or a
	// destroyed key; it never ceases to be so.
	Member domain.UserID

	Pending []domain.PostID // the member's posts that are not published yet, as far as the views know
}

// Decide answers nothing for who is no member any more, and for the Owner, who
// stays (R12); in a closed workspace it refuses with R13.
func (c EndMembership) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !w.Exists() {
		return nil, domain.Hidden()
	}
	if err := w.MustBeOpen(); err != nil {
		return nil, err
	}
	member, is := w.Members[c.Member]
	if !is || member.Role == workspace.Owner {
		return nil, nil
	}
	return []domain.Event{workspace.MemberLeft{Member: c.Member, Posts: c.Pending, OfferLapsed: w.OfferedTo == c.Member}}, nil
}

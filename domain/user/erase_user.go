package user

import "behalf/domain"

// EraseUser makes everything personal about a person unreadable for good, in
// all of history (R66). They themselves ask for it, or an operator does. They
// leave their workspaces because of it, whose histories keep that somebody was
// a member: an erased person.
type EraseUser struct {
	Person domain.UserID `json:"person"`

	// Owns are the workspaces that they own, as far as the views know them; they
	// are looked up, because no stream has them all.
	Owns []domain.WorkspaceID `json:"-"`
}

// Decide answers R32 to everybody but the person and a part of Behalf, and
// refuses with R12 a person who owns a workspace. Who is erased already stays so.
func (c EraseUser) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if c.Person.IsZero() || by.User != c.Person && !by.IsSystem() {
		return nil, domain.Hidden()
	}
	if u.Erased {
		return nil, nil
	}
	if len(c.Owns) > 0 {
		return nil, domain.Clash(domain.R12, "owns_workspace", "The Owner of a workspace cannot leave it. Close it, or let somebody else own it, first.")
	}
	return []domain.Event{Erased{}}, nil
}

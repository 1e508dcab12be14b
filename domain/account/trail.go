package account

import (
	"maps"

	"behalf/domain"
)

// Trail remembers, while an account is folded, which event made each holder's
// connection what it is. E is an event as whoever asks tells of it. The zero Trail
// is ready to use.
type Trail[E any] struct {
	made map[domain.UserID]E
}

// Evolve takes one more event into the account, and tells of it as about.
func (t *Trail[E]) Evolve(a *Account, event domain.Event, about E) {
	before := maps.Clone(a.Connections)
	a.Evolve(event)
	if t.made == nil {
		t.made = map[domain.UserID]E{}
	}
	for holder, connection := range a.Connections {
		if connection != before[holder] {
			t.made[holder] = about
		}
	}
	for holder := range before {
		if _, still := a.Connections[holder]; !still {
			t.made[holder] = about
		}
	}
}

// Of returns the event that made the holder's connection what it is; false for
// who never had one.
func (t *Trail[E]) Of(holder domain.UserID) (about E, found bool) {
	about, found = t.made[holder]
	return about, found
}

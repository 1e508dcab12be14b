package account

import (
	"maps"
	"slices"
	"time"

	"behalf/domain"
)

// Apart is what lies at least between two posts on one account (R57).
const Apart = time.Minute

// Free reports whether a post may go out at the moment: no other post has its
// minute there.
func (a Account) Free(post domain.PostID, at time.Time) bool {
	return a.NextFree(post, at).Equal(at)
}

// NextFree is the first moment from at on at which the post may go out.
func (a Account) NextFree(post domain.PostID, at time.Time) time.Time {
	for _, taken := range slices.SortedFunc(maps.Values(a.others(post)), time.Time.Compare) {
		if at.Before(taken.Add(Apart)) && taken.Before(at.Add(Apart)) {
			at = taken.Add(Apart)
		}
	}
	return at
}

func (a Account) others(post domain.PostID) map[domain.PostID]time.Time {
	if _, own := a.Slots[post]; !own {
		return a.Slots
	}
	others := maps.Clone(a.Slots)
	delete(others, post)
	return others
}

// reserve keeps no slot that lies behind whatever may still be asked for.
func (a *Account) reserve(e SlotReserved) {
	if a.Slots == nil {
		a.Slots = map[domain.PostID]time.Time{}
	}
	maps.DeleteFunc(a.Slots, func(_ domain.PostID, at time.Time) bool { return !at.Add(Apart).After(e.Decided) })
	a.Slots[e.Post] = e.At
}

package posts

import (
	"testing"

	"behalf/projections/storytest"
)

// R61, R62: what was taken from whom stands by the position of its event.
func TestWhoHasGoneStandsByPosition(t *testing.T) {
	t.Parallel()
	log := record(storytest.CarlGone()...)
	last := log[len(log)-1]
	then(given(t, log...), departures, departureRow{
		Position: last.Position, Workspace: acme, What: MembershipEnded, User: carl, At: last.RecordedAt,
	})
}

package planning

import (
	"time"

	"behalf/domain"
)

// maxAhead is how far ahead a post can be scheduled.
const maxAhead = 2 * 365 * 24 * time.Hour

// moment checks when something is to go out (R57).
func moment(at time.Time, zone string, by domain.Actor) (time.Time, error) {
	at = at.UTC()
	switch {
	case !at.After(by.Now):
		return at, domain.Wrong(domain.R57, "at", "moment_passed", "This moment has passed already.")
	case at.After(by.Now.Add(maxAhead)):
		return at, domain.Wrong(domain.R57, "at", "moment_too_far", "A post can be scheduled at most two years ahead.")
	case zone != "" && !domain.IsZone(zone):
		return at, domain.Wrong(domain.R57, "zone", "malformed_zone", "A time zone has a name like Europe/Berlin.")
	}
	return at, nil
}

package workspace

import (
	"time"

	"behalf/domain"
)

// DefaultGrace is how long after its time a post may still be sent, in a
// workspace whose Owner has not set another grace (R56).
const DefaultGrace = 15 * time.Minute

// The bounds of what can be set, in minutes.
const (
	shortestGrace = 1
	longestGrace  = 24 * 60
)

// SetGrace sets how long after its time a post may still be sent; then it is
// missed (R56). It counts from now on, for what is scheduled already too; what
// was missed before stays so.
type SetGrace struct {
	Minutes int `json:"minutes" example:"30" doc:"How many minutes after its time a post may still be sent: 1 to 1440, which is a day. A workspace begins with 15."`
}

// Decide refuses with R2 everybody but the Owner, and with R56 what is shorter
// than a minute or longer than a day. The grace that it has already changes nothing.
func (c SetGrace) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R2); err != nil {
		return nil, err
	}
	if c.Minutes < shortestGrace || c.Minutes > longestGrace {
		return nil, domain.Wrong(domain.R56, "minutes", "grace_out_of_range", "A grace lasts 1 to 1440 minutes.")
	}
	before := w.GraceMinutes()
	if c.Minutes == before {
		return nil, nil
	}
	return []domain.Event{GraceSet{FromMinutes: before, ToMinutes: c.Minutes}}, nil
}

// EffectiveGrace is how long after its time a post may still be sent (R56).
func (w Workspace) EffectiveGrace() time.Duration {
	if w.Grace == 0 {
		return DefaultGrace
	}
	return w.Grace
}

// GraceMinutes is EffectiveGrace as people set and read it.
func (w Workspace) GraceMinutes() int { return int(w.EffectiveGrace() / time.Minute) }

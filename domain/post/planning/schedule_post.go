package planning

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// SchedulePost has a post published at a moment (R57): one that it writes, or
// the draft with this id, with what was declined, missed or has failed of it.
// What needs an approval waits for it, and is missed without it (R56).
type SchedulePost struct {
	Post domain.PostID `json:"post,omitempty" doc:"A draft's id, without any content; or the new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	post.Content
	At   time.Time `json:"at" doc:"When to publish: RFC 3339, at most two years ahead."`
	Zone string    `json:"zone,omitempty" maxLength:"64" doc:"IANA name of the author's time zone, kept for display."`

	Checked post.Checked `json:"-"` // against the networks' limits; looked up
}

// Start gives a new post its id.
func (c *SchedulePost) Start(by domain.Actor) { c.Post = begun(c.Post, c.Content, by) }

// Decide refuses what PublishPost refuses, but for what needs an approval, and
// with R57 a moment that has passed, is too far away, or less than a minute from
// another post's.
func (c SchedulePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	p, events, err := prepared(s, c.Post, c.Content, c.Checked, by)
	if err != nil {
		return nil, err
	}
	at, err := moment(c.At, c.Zone, by)
	if err != nil {
		return nil, err
	}
	accounts, err := unplanned(p)
	if err != nil {
		return nil, err
	}
	slots, err := s.Reserve(accounts, at, by)
	if err != nil {
		return nil, err
	}
	return append(s.On(append(events, s.Schedule(p, accounts, post.Plan{At: at, Zone: c.Zone}))...), slots...), nil
}

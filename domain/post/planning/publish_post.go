package planning

import (
	"behalf/domain"
	"behalf/domain/post"
)

// PublishPost has a post published now (R57): one that it writes, or the draft
// with this id, with what was declined, missed or has failed of it.
type PublishPost struct {
	Post domain.PostID `json:"post,omitempty" doc:"A draft's id, without any content; or the new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	post.Content

	Checked post.Checked `json:"-"` // against the networks' limits; looked up
}

// Start gives a new post its id.
func (c *PublishPost) Start(by domain.Actor) { c.Post = begun(c.Post, c.Content, by) }

// Decide refuses with R17, R27, R28, R36, R40 or R60, and with R50 or R51 what
// needs an approval: there is no time for one before now, so such a post is
// submitted, or scheduled for a moment. A minute in which another post goes out
// is refused with the next that is free (R57): "now" is not silently later.
// Whether a connection is usable is not asked here: that is found out when
// publishing (R42).
func (c PublishPost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	p, events, err := prepared(s, c.Post, c.Content, c.Checked, by)
	if err != nil {
		return nil, err
	}
	accounts, err := unplanned(p)
	if err != nil {
		return nil, err
	}
	scheduled := s.Schedule(p, accounts, post.Plan{At: by.Now})
	for _, account := range accounts {
		if gates := scheduled.Gates[account]; len(gates) > 0 {
			return nil, domain.Clash(gates[0].Rule(), "approval_needed",
				"This post needs an approval first. Submit it, and it goes out as soon as it has it; or schedule it for a moment by which it can be approved.")
		}
	}
	slots, err := s.Reserve(accounts, by.Now, by)
	if err != nil {
		return nil, err
	}
	return append(s.On(append(events, scheduled)...), slots...), nil
}

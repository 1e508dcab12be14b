package writing

import (
	"behalf/domain"
	"behalf/domain/post"
)

// CreateDraft writes a post that is not to go out yet.
type CreateDraft struct {
	Post domain.PostID `json:"post,omitempty" doc:"The new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	post.Content
	Private bool `json:"private,omitempty" doc:"Seen by its author alone, until it is shared or scheduled. Otherwise by all who have all its accounts (R31)."`
}

// Start gives the new post its id.
func (c *CreateDraft) Start(by domain.Actor) { c.Post = post.NewID(c.Post, by) }

// Decide refuses with R17, R27, R36, R40 or R60 (malformed). What a network
// would not take is told when it is scheduled.
func (c CreateDraft) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	written, err := c.Write(s.ID, s.Workspace, s.Post, by)
	if err != nil {
		return nil, err
	}
	written.Private = c.Private
	return s.On(written), nil
}

package post

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// PublishPost writes a post and has it published now (R57).
type PublishPost struct {
	Post domain.PostID `json:"post,omitempty" doc:"The new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	Content
}

// Start gives the new post its id.
func (c *PublishPost) Start(by domain.Actor) {
	if c.Post.IsZero() {
		c.Post = by.NewPostID()
	}
}

// Decide refuses with R17, R27, R36, R40 or R60, and with R50 or R51 what
// needs an approval: there is no time for one before now, so such a post is
// scheduled for a moment. Whether a connection is usable is not asked here:
// that is found out when publishing (R42).
func (c PublishPost) Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error) {
	written, err := c.write(ws, w, p, by)
	if err != nil {
		return nil, err
	}
	gates := c.gates(w, w.Members[by.User])
	for _, target := range c.Targets {
		if len(gates[target.Account]) == 0 {
			continue
		}
		return nil, domain.Clash(gates[target.Account][0].rule(), "approval_needed", "This post needs an approval first. Schedule it for a moment by which it can be approved.")
	}
	return []domain.Event{written, Scheduled{Revision: 1, At: by.Now}}, nil
}

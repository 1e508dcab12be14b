package planning

import (
	"behalf/domain"
	"behalf/domain/post"
)

// PublishTargetNow has a target published now whose time has passed: one that
// waited for a reauthentication (R47), was missed (R56) or has failed.
type PublishTargetNow struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Account domain.AccountID `json:"account" doc:"Its target."`

	Checked post.Checked `json:"-"` // against the networks' limits; looked up
}

// Decide answers R32 for a target that the actor may not see, and refuses with
// R17 or R28 who may not change the post, with R59 a target in a state from
// which nothing is sent again, with R50 or R51 one that is not approved, and
// with R57 when another post goes out there within a minute.
func (c PublishTargetNow) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	target, err := s.Post.Target(s.ID, s.Workspace, c.Account, by)
	if err != nil {
		return nil, err
	}
	switch target.State {
	case post.NeedsReauthentication, post.Missed, post.Failed:
	default:
		return nil, domain.Clash(domain.R59, "not_waiting", "This target is not waiting for a person: it is "+string(target.State)+".")
	}
	if len(target.Gates) > 0 {
		return nil, domain.Clash(target.Gates[0].Rule(), "not_approved", "This target has not been approved. Submit the post again.")
	}
	if err := c.Checked.Refuse(s.Post); err != nil {
		return nil, err
	}
	return s.Again(c.Account, by.Now, by)
}

package planning

import (
	"behalf/domain"
	"behalf/domain/post"
)

// UnschedulePost takes back what is planned of a post: it is a draft again.
type UnschedulePost struct {
	Post domain.PostID `json:"post" doc:"The post."`
}

// Decide refuses with R17, R27 or R28 who may not change the post, with R59
// while it is being sent, and with R57 a post of which nothing is planned.
func (c UnschedulePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	if _, err := s.Post.Changer(s.ID, s.Workspace, by); err != nil {
		return nil, err
	}
	if err := s.Post.MustRest(); err != nil {
		return nil, err
	}
	accounts := s.Post.In(post.TargetState.Planned)
	if len(accounts) == 0 {
		return nil, domain.Clash(domain.R57, "nothing_scheduled", "Nothing of this post is scheduled.")
	}
	return append(s.On(post.Unscheduled{Accounts: accounts}), s.Release(accounts)...), nil
}

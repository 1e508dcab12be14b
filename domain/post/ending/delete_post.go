package ending

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// DeleteWithin is how long it is tried to remove a post from its network.
const DeleteWithin = 24 * time.Hour

// DeletePost deletes a post: a draft is gone, what is planned does not go out,
// and what was published is removed from the network where it can be, else here
// alone. What happened says which: post.target_deletion_requested where the
// network is asked, post.deleted with the accounts that are gone here.
type DeletePost struct {
	Post     domain.PostID `json:"post" doc:"The post."`
	OnlyHere bool          `json:"only_here,omitempty" doc:"Leave on the networks what was published there."`

	AtNetwork map[string]bool `json:"-"` // which networks are asked to remove a post: those that can; looked up
}

// Decide refuses with R17, R27 or R28 who may not change the post, and with R59
// while it is being sent or as long as nobody knows whether it was published.
func (c DeletePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	if _, err := s.Post.Changer(s.ID, s.Workspace, by); err != nil {
		return nil, err
	}
	if err := s.Post.MustRest(); err != nil {
		return nil, err
	}
	var asks []domain.Event
	gone := post.Deletion{By: by.User, Whole: true}
	for _, account := range s.Post.Accounts() {
		target := s.Post.Targets[account]
		removable := target.State == post.Published && target.Remote != "" && c.AtNetwork[s.Workspace.Accounts[account].Network]
		switch {
		case target.State == post.Unknown:
			return nil, domain.Clash(domain.R59, "unclear_outcome", "Nobody knows whether the network shows this. Say first whether it does.")
		case removable && !c.OnlyHere:
			asks = append(asks, post.TargetDeletionRequested{
				Account: account, By: by.User, Remote: target.Remote, Deadline: by.Now.Add(DeleteWithin),
			})
			gone.Whole = false
		default:
			gone.Accounts = append(gone.Accounts, account)
		}
	}
	if len(gone.Accounts) > 0 {
		asks = append(asks, gone)
	}
	return append(s.On(asks...), s.Release(s.Post.In(post.TargetState.Planned))...), nil
}

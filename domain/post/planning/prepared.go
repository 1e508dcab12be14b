package planning

import (
	"slices"

	"behalf/domain"
	"behalf/domain/post"
)

// begun is the id of the post that a command writes or plans. One that names no
// post and says nothing begins none: it keeps no id, and is refused for what it lacks.
func begun(id domain.PostID, content post.Content, by domain.Actor) domain.PostID {
	if content.IsZero() {
		return id
	}
	return post.NewID(id, by)
}

// prepared is the post that a command plans: the one that the command writes,
// with the event, or the one that is there already.
func prepared(s post.Scene, id domain.PostID, content post.Content, checked post.Checked, by domain.Actor) (post.Post, []domain.Event, error) {
	if !content.IsZero() || id.IsZero() {
		written, err := content.Write(s.ID, s.Workspace, s.Post, by)
		if err != nil {
			return post.Post{}, nil, err
		}
		var p post.Post
		p.Evolve(written)
		return p, []domain.Event{written}, checked.Refuse(p)
	}
	if _, err := s.Post.Changer(s.ID, s.Workspace, by); err != nil {
		return post.Post{}, nil, err
	}
	return s.Post, nil, checked.Refuse(s.Post)
}

// unplanned are the accounts of the post that can be planned, or the refusal
// that there is none.
func unplanned(p post.Post) ([]domain.AccountID, error) {
	accounts := slices.DeleteFunc(p.Accounts(), func(account domain.AccountID) bool { return !p.Targets[account].Unplanned() })
	if len(accounts) == 0 {
		return nil, domain.Clash(domain.R57, "nothing_to_schedule", "Nothing of this post waits to be scheduled.")
	}
	return accounts, nil
}

package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
)

// RecordPublished notes that the network shows the target's revision.
type RecordPublished struct {
	AttemptRef
	Remote string // the network's id of the post
	URL    string
}

// Decide takes the network's word whatever has become of the attempt since:
// what is live is live, and must not be sent again (R59). Where that is known
// already, and somebody may want it gone, the word comes to nothing.
func (c RecordPublished) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, _, err := c.Running(p, by)
	if err != nil || target.State == post.Published || target.State == post.Deleting {
		return nil, err
	}
	return []domain.Event{post.TargetPublished{Account: c.Account, Attempt: c.Attempt, Remote: c.Remote, URL: c.URL}}, nil
}

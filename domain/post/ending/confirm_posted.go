package ending

import (
	"errors"

	"behalf/domain"
	"behalf/domain/post"
)

// ConfirmPosted says that somebody has posted by hand what the network does not
// take from programs, and where people see it.
type ConfirmPosted struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Account domain.AccountID `json:"account" doc:"Its target."`
	URL     string           `json:"url" maxLength:"2000" doc:"Where people see it."`
}

// Decide takes it from whoever was asked, and from whoever may change the post
// (else R17 or R28). It refuses with R59 a target that was handed over to nobody
// and an address that is none. One that was missed by then counts all the same.
func (c ConfirmPosted) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	target, err := s.Post.Target(s.ID, s.Workspace, c.Account, by)
	asked := !errors.Is(err, domain.R32) && target.Holder == by.User
	switch {
	case err != nil && !asked:
		return nil, err
	case target.State != post.HandedOver && (target.State != post.Missed || target.Deadline.IsZero()):
		return nil, domain.Clash(domain.R59, "not_handed_over", "Nobody was asked to post this by hand.")
	case !post.IsAddress(c.URL):
		return nil, domain.Wrong(domain.R59, "url", "malformed_url", "Say with an http or https address where people see it.")
	}
	return s.On(post.TargetConfirmed{Account: c.Account, By: by.User, URL: c.URL}), nil
}

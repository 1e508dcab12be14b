package ending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// ResolveUnknown says what nobody could find out: that the network shows the
// post, with its address there, or that it does not, and is to be sent again
// (R59); what is not approved, as it reads now, is missed instead, and can be
// submitted again. What its author had taken back is a draft again, and what is
// planned for later goes out then.
type ResolveUnknown struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Account domain.AccountID `json:"account" doc:"Its target."`
	Shown   bool             `json:"shown" doc:"Whether the network shows it. If not, it is sent again: now, or when it is planned for."`
	URL     string           `json:"url,omitempty" maxLength:"2000" doc:"Where people see it: with shown, and then needed."`

	Checked post.Checked `json:"-"` // against the networks' limits, unless it is shown; looked up
}

// Decide refuses with R17 or R28 who may not change the post, with R59 a target
// that is not unknown or an address that is none, and what is to be sent again
// with R60 when the network would not take it, and with R57 when another post
// goes out there within a minute.
func (c ResolveUnknown) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	target, err := s.Post.Target(s.ID, s.Workspace, c.Account, by)
	if err != nil {
		return nil, err
	}
	if target.State != post.Unknown {
		return nil, domain.Clash(domain.R59, "not_unknown", "It is known how this target stands: it is "+string(target.State)+".")
	}
	switch {
	case c.Shown && !post.IsAddress(c.URL), !c.Shown && c.URL != "":
		return nil, domain.Wrong(domain.R59, "url", "malformed_url", "Say with an http or https address where the network shows it; without one when it does not.")
	case c.Shown:
		return s.On(post.TargetConfirmed{Account: c.Account, By: by.User, URL: c.URL}), nil
	case target.TakenBack:
		return s.On(post.Unscheduled{Accounts: []domain.AccountID{c.Account}}), nil
	case len(target.Gates) > 0: // it was edited since (R54), or a backup was restored in which it was not approved (R69)
		return s.On(post.TargetMissed{Account: c.Account, Author: target.Author, Code: "not_approved", Detail: "It has not been approved as it reads now."}), nil
	}
	if err := c.Checked.Refuse(s.Post); err != nil {
		return nil, err
	}
	if target.Due.After(by.Now) { // somebody has moved it while it was not known (R69)
		return s.Again(c.Account, target.Due, by)
	}
	return s.Again(c.Account, by.Now, by)
}

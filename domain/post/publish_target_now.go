package post

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// PublishTargetNow has a target published now whose time has passed: one that
// waited for a reauthentication (R47), was missed (R56) or has failed.
type PublishTargetNow struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Account domain.AccountID `json:"account" doc:"Its target."`
}

// Decide answers R32 for a target that the actor may not see, and refuses with
// R17 or R28 who may not change the post, with R59 a target in a state from
// which nothing is sent again, and with R50 or R51 one that is not approved.
func (c PublishTargetNow) Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error) {
	member, err := w.Admit(by)
	if err != nil {
		return nil, err
	}
	target, known := p.Targets[c.Account]
	if p.Workspace != ws || !known || !member.Holds(c.Account) {
		return nil, domain.Hidden()
	}
	if err := member.MayWrite(); err != nil {
		return nil, err
	}
	if member.Role == workspace.Editor && p.Author != by.User {
		return nil, domain.Forbid(domain.R28, "not_your_post", "Editors change only their own posts.")
	}
	switch target.State {
	case NeedsReauthentication, Missed, Failed:
	default:
		return nil, domain.Clash(domain.R59, "not_waiting", "This target is not waiting for a person: it is "+string(target.State)+".")
	}
	if len(target.Gates) > 0 {
		return nil, domain.Clash(target.Gates[0].rule(), "not_approved", "This target has not been approved.")
	}
	return []domain.Event{TargetScheduled{Account: c.Account, At: by.Now}}, nil
}

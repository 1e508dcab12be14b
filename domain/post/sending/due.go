package sending

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// dueDecider is a command that is decided on all that resolving a connection takes.
type dueDecider interface {
	due() (domain.PostID, domain.AccountID)
	Decide(ws domain.WorkspaceID, p post.Post, w workspace.Workspace, a account.Account, by domain.Actor) ([]domain.Event, error)
}

func (c ClaimTarget) due() (domain.PostID, domain.AccountID) { return c.Post, c.Account }
func (c HandOver) due() (domain.PostID, domain.AccountID)    { return c.Post, c.Account }

func whenDue[C dueDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.BySystem, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			id, on := (*cmd.(*C)).due()
			return []domain.Stream{post.Stream(id), workspace.Stream(ws), account.Stream(on)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			id, on := c.due()
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			a := domain.Fact[*account.Account](facts, account.Stream(on))
			events, err := c.Decide(ws, *domain.Fact[*post.Post](facts, post.Stream(id)), *w, *a, by)
			return domain.On(post.Stream(id), events...), err
		},
	}
}

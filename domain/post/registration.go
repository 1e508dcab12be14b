package post

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// subject is what every command about a post knows: which post it is about.
func (c PublishPost) subject() domain.PostID      { return c.Post }
func (c SchedulePost) subject() domain.PostID     { return c.Post }
func (c PublishTargetNow) subject() domain.PostID { return c.Post }
func (r AttemptRef) subject() domain.PostID       { return r.Post }
func (c ResumeTarget) subject() domain.PostID     { return c.Post }
func (c MissTarget) subject() domain.PostID       { return c.Post }
func (c PassToOwner) subject() domain.PostID      { return c.Post }
func (c StopTarget) subject() domain.PostID       { return c.Post }

// memberDecider is a command that is decided on the post and the workspace.
type memberDecider interface {
	subject() domain.PostID
	Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error)
}

func byMember[C memberDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.ByMember, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream((*cmd.(*C)).subject()), workspace.Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			events, err := c.Decide(ws, *w, *domain.Fact[*Post](facts, Stream(c.subject())), by)
			return domain.On(Stream(c.subject()), events...), err
		},
	}
}

// systemDecider is a command that is decided on the post alone.
type systemDecider interface {
	subject() domain.PostID
	Decide(p Post, by domain.Actor) ([]domain.Event, error)
}

func bySystem[C systemDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.BySystem, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream((*cmd.(*C)).subject())}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			events, err := c.Decide(*domain.Fact[*Post](facts, Stream(c.subject())), by)
			return domain.On(Stream(c.subject()), events...), err
		},
	}
}

// passToOwner is decided like a member's command, but by Behalf itself.
func passToOwner() domain.CommandType {
	passes := byMember[PassToOwner]("PassToOwner", "Make a post the Owner's whose author may not post any more.", domain.R61)
	passes.Issuer = domain.BySystem
	return passes
}

// stopTarget is decided like a member's command, but by Behalf itself.
func stopTarget() domain.CommandType {
	stops := byMember[StopTarget]("StopTarget", "End a target that waits, whose account was removed.", domain.R7)
	stops.Issuer = domain.BySystem
	return stops
}

// claimTarget is decided on all that resolving a connection takes.
func claimTarget() domain.CommandType {
	return domain.CommandType{
		Name: "ClaimTarget", Issuer: domain.BySystem,
		Summary: "Begin an attempt: resolve whose connection the post goes out through, and record it.",
		Rules:   []domain.Rule{domain.R13, domain.R42, domain.R43, domain.R44, domain.R56, domain.R57, domain.R59, domain.R61, domain.R68},
		New:     func() any { return new(ClaimTarget) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			c := cmd.(*ClaimTarget)
			return []domain.Stream{Stream(c.Post), workspace.Stream(ws), account.Stream(c.Account)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := cmd.(*ClaimTarget)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			a := domain.Fact[*account.Account](facts, account.Stream(c.Account))
			events, err := c.Decide(ws, *domain.Fact[*Post](facts, Stream(c.Post)), *w, *a, by)
			return domain.On(Stream(c.Post), events...), err
		},
	}
}

package post

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// memberDecider is a command that is decided on the post and the workspace.
type memberDecider interface {
	Subject() domain.PostID
	Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error)
}

// ByMember is a command of the workspace's members: outsiders learn nothing
// (R32), a missing second factor (R63) or a closed workspace (R13) hinders them.
func ByMember[C memberDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	kind := decidedOnPost[C](name, summary)
	kind.Issuer, kind.Rules = domain.ByMember, OfMembers(rules)
	return kind
}

func decidedOnPost[C memberDecider](name, summary string) domain.CommandType {
	return domain.CommandType{
		Name: name, Summary: summary,
		New: func() any { return new(C) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream((*cmd.(*C)).Subject()), workspace.Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			events, err := c.Decide(ws, *w, *domain.Fact[*Post](facts, Stream(c.Subject())), by)
			return domain.On(Stream(c.Subject()), events...), err
		},
	}
}

// systemDecider is a command that is decided on the post alone.
type systemDecider interface {
	Subject() domain.PostID
	Decide(p Post, by domain.Actor) ([]domain.Event, error)
}

// BySystem is a command that parts of Behalf issue, and nobody else: the decision
// itself has to answer everybody else as outsiders (R32).
func BySystem[C systemDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.BySystem, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream((*cmd.(*C)).Subject())}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			events, err := c.Decide(*domain.Fact[*Post](facts, Stream(c.Subject())), by)
			return domain.On(Stream(c.Subject()), events...), err
		},
	}
}

// ForBehalf is a command of Behalf's own that is decided like a member's.
func ForBehalf[C memberDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	kind := decidedOnPost[C](name, summary)
	kind.Issuer, kind.Rules = domain.BySystem, rules
	return kind
}

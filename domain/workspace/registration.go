package workspace

import (
	"slices"

	"behalf/domain"
)

// commands are those about the workspace itself.
func commands() []domain.CommandType {
	return []domain.CommandType{
		createWorkspace(),
		ByMember[RenameWorkspace]("RenameWorkspace", "Give the workspace another name."),
		ByMember[SetGrace]("SetGrace", "Set how long after its time a post may still be sent.", domain.R2, domain.R56),
	}
}

// decider is a command that is decided on the workspace's stream alone.
type decider interface {
	Decide(w Workspace, by domain.Actor) ([]domain.Event, error)
}

// ByMember is a command of the workspace's members: outsiders learn nothing
// (R32), a missing second factor (R63) or a closed workspace (R13) hinders them.
func ByMember[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.ByMember, summary, append(rules, domain.R13, domain.R32, domain.R63))
}

// Dangerous commands take a proof of who one is that is a moment old.
func Dangerous(kind domain.CommandType) domain.CommandType {
	kind.Dangerous = true
	return kind
}

// ByInvited is a command of somebody who is no member yet.
func ByInvited[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.ByMember, summary, append(rules, domain.R13, domain.R32))
}

// BySystem is a command that parts of Behalf issue, and nobody else: the decision
// itself has to answer everybody else as outsiders (R32).
func BySystem[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.BySystem, summary, rules)
}

func command[C decider](name string, issuer domain.Issuer, summary string, rules []domain.Rule) domain.CommandType {
	slices.Sort(rules)
	return domain.CommandType{
		Name: name, Issuer: issuer, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(_ any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			events, err := (*cmd.(*C)).Decide(*domain.Fact[*Workspace](facts, Stream(ws)), by)
			return domain.On(Stream(ws), events...), err
		},
	}
}

// createWorkspace is decided on a stream that the command itself names.
func createWorkspace() domain.CommandType {
	created := command[CreateWorkspace]("CreateWorkspace", domain.ByFlow, "Create a workspace and become its Owner.",
		[]domain.Rule{domain.R2, domain.R3, domain.R32})
	created.Streams = func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
		return []domain.Stream{Stream(cmd.(*CreateWorkspace).ID)}
	}
	created.Decide = func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
		create := cmd.(*CreateWorkspace)
		events, err := create.Decide(*domain.Fact[*Workspace](facts, Stream(create.ID)), by)
		return domain.On(Stream(create.ID), events...), err
	}
	return created
}

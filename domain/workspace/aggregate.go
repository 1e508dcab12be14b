package workspace

import "behalf/domain"

// Aggregate describes workspace streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.WorkspaceStreams,
		New:      func() domain.State { return new(Workspace) },
		Events: []domain.EventType{
			domain.TypeOf[Created](),
			domain.TypeOf[ClientInvited](),
			domain.TypeOf[InvitationSuperseded](),
			domain.TypeOf[InvitationAccepted](),
			domain.TypeOf[CredentialModeChanged](),
			domain.TypeOf[AccountAdded](),
			domain.TypeOf[AccountAssigned](),
		},
		Commands: []domain.CommandType{
			createWorkspace(),
			command[InviteClient]("InviteClient", "Invite a Client by e-mail, with access, assignments and credential modes.",
				domain.R2, domain.R5, domain.R14, domain.R19, domain.R24, domain.R27, domain.R32, domain.R50, domain.R63),
			command[AcceptInvitation]("AcceptInvitation", "Accept an invitation with the link from its mail and become a member.",
				domain.R22, domain.R23, domain.R24, domain.R26, domain.R32),
			command[ChangeCredentialMode]("ChangeCredentialMode", "Choose whose connection a member's posts to an account go out through.",
				domain.R2, domain.R5, domain.R6, domain.R8, domain.R19, domain.R32, domain.R33, domain.R42, domain.R63),
		},
	}
}

// decider is a command that is decided on the workspace's stream alone.
type decider interface {
	Decide(w Workspace, by domain.Actor) ([]domain.Event, error)
}

func command[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.ByMember, Summary: summary, Rules: rules,
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
	created := command[CreateWorkspace]("CreateWorkspace", "Create a workspace and become its Owner.",
		domain.R2, domain.R3, domain.R32)
	created.Issuer = domain.ByFlow
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

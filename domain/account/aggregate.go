package account

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Aggregate describes account streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.AccountStreams,
		New:      func() domain.State { return new(Account) },
		Events: []domain.EventType{
			domain.TypeOf[Connected](),
			domain.TypeOf[ReauthenticationNeeded](),
			domain.TypeOf[ConnectionDestroyed](),
		},
		Commands: []domain.CommandType{
			connectAccount(),
			bySystem[RecordReauthenticationNeeded]("RecordReauthenticationNeeded",
				"Note that a holder's connection no longer works and ask that holder to mend it.", domain.R44, domain.R45),
			bySystem[DestroyConnection]("DestroyConnection",
				"Give up the connection of somebody who is no member any more.", domain.R62),
		},
	}
}

func connectAccount() domain.CommandType {
	return domain.CommandType{
		Name:    "ConnectAccount",
		Issuer:  domain.ByMember,
		Summary: "Add a social account to the workspace, or connect (reauthenticate) your own connection to one.",
		Rules: []domain.Rule{
			domain.R7, domain.R13, domain.R16, domain.R27, domain.R32, domain.R35, domain.R36, domain.R37, domain.R40, domain.R46, domain.R63, domain.R67,
		},
		New: func() any { return new(ConnectAccount) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(cmd.(*ConnectAccount).Account), workspace.Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			connect := cmd.(*ConnectAccount)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			return connect.Decide(ws, *w, *domain.Fact[*Account](facts, Stream(connect.Account)), by)
		},
	}
}

// subject is what every command of a part of Behalf knows: which account it is about.
func (c RecordReauthenticationNeeded) subject() domain.AccountID { return c.Account }
func (c DestroyConnection) subject() domain.AccountID            { return c.Account }

// systemDecider is a command that is decided on the account alone.
type systemDecider interface {
	subject() domain.AccountID
	Decide(a Account, by domain.Actor) ([]domain.Event, error)
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
			events, err := c.Decide(*domain.Fact[*Account](facts, Stream(c.subject())), by)
			return domain.On(Stream(c.subject()), events...), err
		},
	}
}

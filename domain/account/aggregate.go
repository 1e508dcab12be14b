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
			domain.TypeOf[SlotReserved](),
			domain.TypeOf[SlotReleased](),
			domain.TypeOf[Disconnected](),
			domain.TypeOf[PostingIdentityChanged](),
			domain.TypeOf[HolderReminded](),
			domain.TypeOf[ExpiryAnnounced](),
		},
		Commands: []domain.CommandType{
			connectAccount(),
			inWorkspace[DisconnectAccount]("DisconnectAccount", domain.ByMember,
				"Give up your own connection to a social account.", domain.R13, domain.R32, domain.R44, domain.R63),
			inWorkspace[ChangePostingIdentity]("ChangePostingIdentity", domain.ByMember,
				"Choose whom posts through your own connection appear as.",
				domain.R13, domain.R27, domain.R32, domain.R36, domain.R39, domain.R40, domain.R44, domain.R63),
			inWorkspace[RemindHolder]("RemindHolder", domain.BySystem,
				"Remind whoever was asked to mend a connection and has not.", domain.R35, domain.R44),
			inWorkspace[AnnounceExpiry]("AnnounceExpiry", domain.BySystem,
				"Tell a holder that their connection runs out soon.", domain.R35, domain.R44),
			inWorkspace[RecordReauthenticationNeeded]("RecordReauthenticationNeeded", domain.BySystem,
				"Note that a holder's connection no longer works and ask that holder to mend it.", domain.R35, domain.R44, domain.R45),
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

func (c DisconnectAccount) subject() domain.AccountID     { return c.Account }
func (c ChangePostingIdentity) subject() domain.AccountID { return c.Account }
func (c RemindHolder) subject() domain.AccountID          { return c.Account }
func (c AnnounceExpiry) subject() domain.AccountID        { return c.Account }

// decider is a command that changes the account and reads the workspace.
type decider interface {
	subject() domain.AccountID
	Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error)
}

func inWorkspace[C decider](name string, issuer domain.Issuer, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: issuer, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream((*cmd.(*C)).subject()), workspace.Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			events, err := c.Decide(*w, *domain.Fact[*Account](facts, Stream(c.subject())), by)
			return domain.On(Stream(c.subject()), events...), err
		},
	}
}

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

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
		},
		Commands: []domain.CommandType{connectAccount(), recordReauthenticationNeeded()},
	}
}

func connectAccount() domain.CommandType {
	return domain.CommandType{
		Name:    "ConnectAccount",
		Issuer:  domain.ByMember,
		Summary: "Add a social account to the workspace, or connect (reauthenticate) your own connection to one.",
		Rules: []domain.Rule{
			domain.R7, domain.R16, domain.R27, domain.R32, domain.R35, domain.R36, domain.R37, domain.R40, domain.R46, domain.R63, domain.R67,
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

func recordReauthenticationNeeded() domain.CommandType {
	return domain.CommandType{
		Name:    "RecordReauthenticationNeeded",
		Issuer:  domain.BySystem,
		Summary: "Note that a holder's connection no longer works and ask that holder to mend it.",
		Rules:   []domain.Rule{domain.R44, domain.R45},
		New:     func() any { return new(RecordReauthenticationNeeded) },
		Streams: func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(cmd.(*RecordReauthenticationNeeded).Account)}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			record := cmd.(*RecordReauthenticationNeeded)
			events, err := record.Decide(*domain.Fact[*Account](facts, Stream(record.Account)), by)
			return domain.On(Stream(record.Account), events...), err
		},
	}
}

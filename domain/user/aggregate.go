package user

import "behalf/domain"

// Aggregate describes user streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.UserStreams,
		New:      func() domain.State { return new(User) },
		Events:   []domain.EventType{domain.TypeOf[Registered]()},
		Commands: []domain.CommandType{{
			Name:    "Register",
			Issuer:  domain.ByFlow,
			Summary: "Open a user account.",
			Rules:   []domain.Rule{domain.R32},
			New:     func() any { return new(Register) },
			Streams: func(_ any, _ domain.WorkspaceID, by domain.Actor) []domain.Stream {
				return []domain.Stream{Stream(by.User)}
			},
			Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
				events, err := cmd.(*Register).Decide(*domain.Fact[*User](facts, Stream(by.User)), by)
				return domain.On(Stream(by.User), events...), err
			},
		}},
	}
}

package user

import "behalf/domain"

// Aggregate describes user streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.UserStreams,
		New:      func() domain.State { return new(User) },
		Events:   []domain.EventType{domain.TypeOf[Registered](), domain.TypeOf[Erased]()},
		Commands: []domain.CommandType{
			command("Register", "Open a user account.", []domain.Rule{domain.R32, domain.R66},
				func(_ *Register, by domain.Actor) domain.UserID { return by.User }),
			command("EraseUser", "Give up everything personal about a person for good.", []domain.Rule{domain.R12, domain.R32, domain.R66},
				func(c *EraseUser, _ domain.Actor) domain.UserID { return c.Person }),
		},
	}
}

// decider is a command that is decided on a user's stream alone.
type decider[C any] interface {
	*C
	Decide(u User, by domain.Actor) ([]domain.Event, error)
}

// command describes one that ends a flow; whom says which user's stream it is about.
func command[C any, D decider[C]](name, summary string, rules []domain.Rule, whom func(D, domain.Actor) domain.UserID) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.ByFlow, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, _ domain.WorkspaceID, by domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(whom(cmd.(D), by))}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			stream := Stream(whom(cmd.(D), by))
			events, err := cmd.(D).Decide(*domain.Fact[*User](facts, stream), by)
			return domain.On(stream, events...), err
		},
	}
}

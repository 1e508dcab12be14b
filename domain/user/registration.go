package user

import (
	"slices"

	"behalf/domain"
)

// commands are those about the user account itself.
func commands() []domain.CommandType {
	return []domain.CommandType{
		BySelf[Register]("Register", "Open a user account."),
		Named[RepeatRegistration]("RepeatRegistration", "Note that somebody registered an address once more."),
		BySelf[ChangeProfile]("ChangeProfile", "Say something else about oneself."),
		BySelf[NoteNewClient]("NoteNewClient", "Note a sign-in from a new client."),
		Named[EraseUser]("EraseUser", "Give up everything personal about a person for good.", domain.R12),
	}
}

// Subject is the person.
func (c RepeatRegistration) Subject() domain.UserID { return c.Person }

// Subject is the person.
func (c EraseUser) Subject() domain.UserID { return c.Person }

// decider is a command that is decided on a user's stream alone.
type decider interface {
	Decide(u User, by domain.Actor) ([]domain.Event, error)
}

// BySelf is a command about who acts: an account is nobody else's (R32), and
// there is none any more after erasing (R66).
func BySelf[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command(name, summary, rules, func(_ C, by domain.Actor) domain.UserID { return by.User })
}

// namingDecider is a command that names the person it is about.
type namingDecider interface {
	decider
	Subject() domain.UserID
}

// Named is a command that names the person it is about; the decision itself has
// to make sure that it is theirs (R32).
func Named[C namingDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command(name, summary, rules, func(c C, _ domain.Actor) domain.UserID { return c.Subject() })
}

// command describes one that ends a flow; whom says which user's stream it is about.
func command[C decider](name, summary string, rules []domain.Rule, whom func(C, domain.Actor) domain.UserID) domain.CommandType {
	rules = append(rules, domain.R32, domain.R66)
	slices.Sort(rules)
	return domain.CommandType{
		Name: name, Issuer: domain.ByFlow, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, _ domain.WorkspaceID, by domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(whom(*cmd.(*C), by))}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			stream := Stream(whom(c, by))
			events, err := c.Decide(*domain.Fact[*User](facts, stream), by)
			return domain.On(stream, events...), err
		},
	}
}

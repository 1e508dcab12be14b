package post

import (
	"slices"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// sceneDecider is a command that changes when a post goes out: it is decided on
// the accounts too, those that it names and those that the post goes to already.
type sceneDecider interface {
	Subjects() (domain.PostID, []domain.AccountID)
	Decide(s Scene, by domain.Actor) ([]domain.Change, error)
}

// InScene is a command of the workspace's members.
func InScene[C sceneDecider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.ByMember, Summary: summary, Rules: OfMembers(rules),
		New: func() any { return new(C) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			id, accounts := (*cmd.(*C)).Subjects()
			streams := []domain.Stream{Stream(id), workspace.Stream(ws)}
			for _, on := range accounts {
				if stream := account.Stream(on); !slices.Contains(streams, stream) {
					streams = append(streams, stream)
				}
			}
			return streams
		},
		More: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, _ domain.Actor) (streams []domain.Stream) {
			id, _ := (*cmd.(*C)).Subjects()
			for _, on := range domain.Fact[*Post](facts, Stream(id)).Accounts() {
				streams = append(streams, account.Stream(on))
			}
			return streams
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := *cmd.(*C)
			id, _ := c.Subjects()
			return c.Decide(sceneOf(ws, id, facts), by)
		},
	}
}

func sceneOf(ws domain.WorkspaceID, id domain.PostID, facts domain.Facts) Scene {
	s := Scene{
		ID: ws, PostID: id, Accounts: map[domain.AccountID]account.Account{},
		Workspace: *domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws)), Post: *domain.Fact[*Post](facts, Stream(id)),
	}
	for stream, state := range facts {
		if held, is := state.(*account.Account); is {
			s.Accounts[domain.AccountID(stream.ID)] = *held
		}
	}
	return s
}

// OfMembers are the rules of a command, with those of all commands of members.
func OfMembers(rules []domain.Rule) []domain.Rule {
	rules = append(rules, domain.R13, domain.R32, domain.R63)
	slices.Sort(rules)
	return slices.Compact(rules)
}

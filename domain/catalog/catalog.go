// Package catalog lists all that the domain offers: every aggregate, with its
// events and its commands. The log's registry, the API's routes and the audit
// texts follow from this list.
package catalog

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/auditlog"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/outcome"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/post/sending"
	"behalf/domain/post/writing"
	"behalf/domain/user"
	"behalf/domain/user/address"
	"behalf/domain/user/factors"
	"behalf/domain/user/password"
	"behalf/domain/user/providers"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/domain/workspace/pausing"
)

// Aggregates lists every aggregate.
func Aggregates() []domain.Aggregate {
	return []domain.Aggregate{
		users(),
		workspaces(),
		account.Aggregate(),
		posts(),
		auditlog.Aggregate(),
	}
}

// users joins the user with its rooms, which it cannot import itself.
func users() domain.Aggregate {
	return user.Aggregate(
		address.Commands(),
		password.Commands(),
		factors.Commands(),
		providers.Commands(),
	)
}

// workspaces joins the workspace with its rooms, likewise.
func workspaces() domain.Aggregate {
	return workspace.Aggregate(
		invitation.Commands(),
		membership.Commands(),
		assignment.Commands(),
		ownership.Commands(),
		pausing.Commands(),
		closing.Commands(),
	)
}

// posts joins the post with its rooms, likewise.
func posts() domain.Aggregate {
	return post.Aggregate(
		writing.Commands(),
		planning.Commands(),
		review.Commands(),
		sending.Commands(),
		outcome.Commands(),
		ending.Commands(),
	)
}

// Commands lists every command by its name.
func Commands() map[string]domain.CommandType {
	commands := map[string]domain.CommandType{}
	for _, aggregate := range Aggregates() {
		for _, command := range aggregate.Commands {
			commands[command.Name] = command
		}
	}
	return commands
}

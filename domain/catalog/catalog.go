// Package catalog lists all that the domain offers: every aggregate, with its
// events and its commands. The log's registry, the API's routes and the audit
// texts follow from this list.
package catalog

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/auditlog"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// Aggregates lists every aggregate.
func Aggregates() []domain.Aggregate {
	return []domain.Aggregate{
		user.Aggregate(),
		workspace.Aggregate(),
		account.Aggregate(),
		post.Aggregate(),
		auditlog.Aggregate(),
	}
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

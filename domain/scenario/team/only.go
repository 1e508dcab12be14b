package team

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// IsTheOwners asserts that every other member is refused with the rule, that
// outsiders learn nothing, and that nothing can be done in a closed workspace.
func IsTheOwners(t *testing.T, rule domain.Rule, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{Admin, Editor, Client} {
		Given(t, history...).When(by, command).Refused(rule, "owner_only")
	}
	IsForMembers(t, history, command)
}

// IsForMembers asserts that outsiders and parts of Behalf learn nothing (R32),
// who has to prove a second factor gets no further (R63), and that nothing can
// be done in a closed workspace (R13).
func IsForMembers(t *testing.T, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{Stranger, scenario.System(), {}} {
		Given(t, history...).When(by, command).Refused(domain.R32, "not_found")
	}
	Given(t).When(Owner, command).Refused(domain.R32, "not_found")
	for _, by := range []domain.Actor{Owner, Client} {
		Given(t, append(history, workspace.TwoFactorRequired{Member: by.User})...).When(by, command).Refused(domain.R63, "two_factor_required")
	}
	Given(t, append(history, workspace.Closed{})...).When(Owner, command).Refused(domain.R13, "workspace_closed")
	Given(t, append(history, workspace.DeletionScheduled{Until: scenario.Now})...).When(Owner, command).Refused(domain.R13, "workspace_to_be_deleted")
	Given(t, append(history, workspace.Deleted{})...).When(Owner, command).Refused(domain.R32, "not_found")
}

// IsBehalfs asserts that nobody but a part of Behalf issues the command.
func IsBehalfs(t *testing.T, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{Owner, Admin, Client, Stranger, {}} {
		Given(t, history...).When(by, command).Refused(domain.R32, "not_found")
	}
	Given(t).When(scenario.System(), command).Refused(domain.R32, "not_found")
}

package workspace

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

// Who acts in the tests of this package.
var (
	owner    = scenario.As(scenario.Olivia)
	admin    = scenario.As(scenario.Adam)
	editor   = scenario.As(scenario.Edith)
	client   = scenario.As(scenario.Carl)
	stranger = scenario.As(scenario.Mallory)
)

// What has happened before.
var (
	founded   = Created{Name: "Acme", Owner: scenario.Olivia}
	newsAdded = AccountAdded{
		Account: scenario.News, Network: "sandbox", Remote: "page-news", Name: "Acme News", AddedBy: scenario.Olivia,
	}
	blogAdded = AccountAdded{
		Account: scenario.Blog, Network: "wordpress", Remote: "blog", Name: "Acme Blog", AddedBy: scenario.Olivia, HasIdentities: true,
	}
)

var (
	readOnly = ClientAccess{}
	writes   = ClientAccess{ManagePosts: true}
	fullyIn  = ClientAccess{AddAccounts: true, ManagePosts: true}
)

func given(t *testing.T, events ...domain.Event) scenario.Story {
	t.Helper()
	return scenario.Given(t, scenario.Acme, scenario.NewLog(Aggregate()), domain.On(Stream(scenario.Acme), events...)...)
}

// fold is the workspace as these events leave it.
func fold(events ...domain.Event) Workspace {
	var w Workspace
	for _, event := range events {
		w.Evolve(event)
	}
	return w
}

// joined makes somebody a member.
func joined(by domain.Actor, role Role, access ClientAccess, assignments ...Assignment) InvitationAccepted {
	return InvitationAccepted{
		Invitation: domain.InvitationID(by.User), Member: by.User, Role: role, Access: access, Assignments: assignments,
	}
}

func on(account domain.AccountID, mode CredentialMode) Assignment {
	return Assignment{Account: account, CredentialMode: mode}
}

// of names a member, and offered an invitation, in commands about either.
func of(who domain.UserID) Whom           { return Whom{Member: who} }
func offered(id domain.InvitationID) Whom { return Whom{Invitation: id} }

// isTheOwners asserts that every other member is refused with the rule, that
// outsiders learn nothing, and that nothing can be done in a closed workspace.
func isTheOwners(t *testing.T, rule domain.Rule, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{admin, editor, client} {
		given(t, history...).When(by, command).Refused(rule, "owner_only")
	}
	isForMembers(t, history, command)
}

// isForMembers asserts that outsiders and parts of Behalf learn nothing (R32),
// who has to prove a second factor gets no further (R63), and that nothing can
// be done in a closed workspace (R13).
func isForMembers(t *testing.T, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{stranger, scenario.System(), {}} {
		given(t, history...).When(by, command).Refused(domain.R32, "not_found")
	}
	given(t).When(owner, command).Refused(domain.R32, "not_found")
	for _, by := range []domain.Actor{owner, client} {
		given(t, append(history, TwoFactorRequired{Member: by.User})...).When(by, command).Refused(domain.R63, "two_factor_required")
	}
	given(t, append(history, Closed{})...).When(owner, command).Refused(domain.R13, "workspace_closed")
	given(t, append(history, DeletionScheduled{Until: scenario.Now})...).When(owner, command).Refused(domain.R13, "workspace_to_be_deleted")
	given(t, append(history, Deleted{})...).When(owner, command).Refused(domain.R32, "not_found")
}

// isBehalfs asserts that nobody but a part of Behalf issues the command.
func isBehalfs(t *testing.T, history []domain.Event, command any) {
	t.Helper()
	for _, by := range []domain.Actor{owner, admin, client, stranger, {}} {
		given(t, history...).When(by, command).Refused(domain.R32, "not_found")
	}
	given(t).When(scenario.System(), command).Refused(domain.R32, "not_found")
}

// dora is invited as an Editor of News, and pending for one more hour.
var (
	dora        = domain.UserID{0: 0x02, 15: 0x06}
	doraInvited = EditorInvited{
		Invitation: domain.InvitationID{15: 6}, Generation: 1, Person: dora, Email: personal.New(dora, "dora@example.com"),
		Assignments: []Assignment{on(scenario.News, OwnerMode)}, ExpiresAt: scenario.Now.Add(time.Hour),
	}
)

// amended is what becomes of Dora's offer.
func amended(change func(*InvitationAmended)) InvitationAmended {
	event := InvitationAmended{Invitation: doraInvited.Invitation, Role: Editor, Assignments: doraInvited.Assignments}
	change(&event)
	return event
}

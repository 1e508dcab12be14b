package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// team has News assigned to everybody in mode owner, and Blog to the Editor alone.
func team(adminsMode CredentialMode) []domain.Event {
	return []domain.Event{
		founded, newsAdded, blogAdded,
		joined(admin, Admin, readOnly, on(scenario.News, adminsMode)),
		joined(editor, Editor, readOnly, on(scenario.News, OwnerMode), on(scenario.Blog, OwnerMode)),
		joined(client, Client, writes, on(scenario.News, OwnerMode)),
	}
}

func change(member domain.UserID, account domain.AccountID, mode CredentialMode) ChangeCredentialMode {
	return ChangeCredentialMode{Member: member, Account: account, Mode: mode}
}

func changed(c ChangeCredentialMode, from CredentialMode) CredentialModeChanged {
	return CredentialModeChanged{Member: c.Member, Account: c.Account, From: from, To: c.Mode}
}

// R33: the Owner changes anybody's mode at any time.
func TestChangeCredentialModeByOwner(t *testing.T) {
	t.Parallel()
	for _, member := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		toMember, toOwner := change(member, scenario.News, MemberMode), change(member, scenario.News, OwnerMode)
		given(t, team(OwnerMode)...).When(owner, toMember).Then(changed(toMember, OwnerMode))
		given(t, append(team(OwnerMode), changed(toMember, OwnerMode))...).When(owner, toOwner).Then(changed(toOwner, MemberMode))
	}
}

func TestChangedModeReplacesOnlyItself(t *testing.T) {
	t.Parallel()
	approves := Assignment{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}
	history := []domain.Event{founded, newsAdded, blogAdded, joined(editor, Editor, readOnly, approves, on(scenario.Blog, OwnerMode))}

	w := fold(append(history, changed(change(scenario.Edith, scenario.News, MemberMode), OwnerMode))...)
	approves.CredentialMode = MemberMode
	require.Equal(t, map[domain.AccountID]Assignment{
		scenario.News: approves, scenario.Blog: on(scenario.Blog, OwnerMode),
	}, w.Members[scenario.Edith].Assignments)
}

func TestChangeCredentialModeToWhatItIs(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, change(scenario.Carl, scenario.News, OwnerMode)).Nothing()
	given(t, team(OwnerMode)...).When(admin, change(scenario.Edith, scenario.News, OwnerMode)).Nothing()
}

// R5, R6, R8: an Admin changes Editors, on accounts that the Admin has, and
// grants the Owner's connection only where the Admin uses it too.
func TestChangeCredentialModeByAdmin(t *testing.T) {
	t.Parallel()
	toMember, toOwner := change(scenario.Edith, scenario.News, MemberMode), change(scenario.Edith, scenario.News, OwnerMode)
	isMember := changed(toMember, OwnerMode)

	given(t, team(OwnerMode)...).When(admin, toMember).Then(isMember)
	given(t, team(MemberMode)...).When(admin, toMember).Then(isMember)
	given(t, append(team(OwnerMode), isMember)...).When(admin, toOwner).Then(changed(toOwner, MemberMode))
	given(t, append(team(MemberMode), isMember)...).When(admin, toOwner).Refused(domain.R8, "grant_beyond_own")
	given(t, team(MemberMode)...).When(admin, toOwner).Refused(domain.R8, "grant_beyond_own")

	given(t, team(OwnerMode)...).When(admin, change(scenario.Edith, scenario.Blog, MemberMode)).Refused(domain.R6, "account_not_yours")
	given(t, team(OwnerMode)...).When(admin, change(scenario.Carl, scenario.News, MemberMode)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(admin, change(scenario.Adam, scenario.News, MemberMode)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(admin, change(scenario.Olivia, scenario.News, MemberMode)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(admin, change(scenario.Mallory, scenario.News, MemberMode)).Refused(domain.R5, "owner_only")
}

func TestChangeCredentialModeByOthers(t *testing.T) {
	t.Parallel()
	for _, own := range []domain.Actor{editor, client} {
		given(t, team(OwnerMode)...).When(own, change(own.User, scenario.News, MemberMode)).Refused(domain.R2, "owner_only")
		given(t, team(OwnerMode)...).When(own, change(scenario.Adam, scenario.News, MemberMode)).Refused(domain.R2, "owner_only")
	}
	given(t, team(OwnerMode)...).When(stranger, change(scenario.Carl, scenario.News, MemberMode)).Refused(domain.R32, "not_found")
	given(t, team(OwnerMode)...).When(scenario.System(), change(scenario.Carl, scenario.News, MemberMode)).Refused(domain.R32, "not_found")
	given(t).When(owner, change(scenario.Carl, scenario.News, MemberMode)).Refused(domain.R32, "not_found")
}

// R42: the Owner's posts always use the Owner's connection.
func TestTheOwnerHasNoMode(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).
		When(owner, change(scenario.Olivia, scenario.News, MemberMode)).
		Refused(domain.R42, "owner_has_no_mode")
}

// R19: without manage_posts there is no mode at all.
func TestChangeCredentialModeWithoutManagePosts(t *testing.T) {
	t.Parallel()
	for _, access := range []ClientAccess{readOnly, {AddAccounts: true}} {
		for _, mode := range []CredentialMode{OwnerMode, MemberMode} {
			given(t, founded, newsAdded, joined(client, Client, access, on(scenario.News, NoMode))).
				When(owner, change(scenario.Carl, scenario.News, mode)).
				Refused(domain.R19, "mode_without_manage_posts")
		}
	}
}

func TestChangeCredentialModeOfWhatIsNotAssigned(t *testing.T) {
	t.Parallel()
	for _, account := range []domain.AccountID{scenario.Blog, scenario.Lost} {
		refusal := given(t, team(OwnerMode)...).When(owner, change(scenario.Carl, account, MemberMode)).Refused(domain.R33, "not_assigned")
		require.Equal(t, "account", refusal.Field)
	}
	refusal := given(t, team(OwnerMode)...).
		When(owner, change(scenario.Mallory, scenario.News, MemberMode)).
		Refused(domain.R33, "unknown_member")
	require.Equal(t, "member", refusal.Field)
}

func TestChangeCredentialModeToNone(t *testing.T) {
	t.Parallel()
	for _, mode := range []CredentialMode{NoMode, "both", "Owner"} {
		refusal := given(t, team(OwnerMode)...).When(owner, change(scenario.Carl, scenario.News, mode)).Refused(domain.R33, "mode_required")
		require.Equal(t, "mode", refusal.Field)
	}
}

// R48: posts that would be stranded do not hinder the change; it names them.
func TestChangeCredentialModeNamesStrandedPosts(t *testing.T) {
	t.Parallel()
	toMember := change(scenario.Carl, scenario.News, MemberMode)
	toMember.Stranded = posts
	want := changed(toMember, OwnerMode)
	want.Stranded = posts
	given(t, team(OwnerMode)...).When(owner, toMember).Then(want)
}

func TestChangeCredentialModeOfAnInvitation(t *testing.T) {
	t.Parallel()
	toMember := ChangeCredentialMode{Invitation: doraInvited.Invitation, Account: scenario.News, Mode: MemberMode}
	for _, by := range []domain.Actor{owner, admin} {
		given(t, append(team(OwnerMode), doraInvited)...).When(by, toMember).Then(amended(func(a *InvitationAmended) {
			a.Assignments = []Assignment{on(scenario.News, MemberMode)}
		}))
	}
	both := toMember
	both.Member = scenario.Edith
	given(t, append(team(OwnerMode), doraInvited)...).When(owner, both).Refused(domain.R33, "name_one")
}

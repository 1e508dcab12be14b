package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func assign(who domain.UserID, assignment Assignment) AssignAccount {
	return AssignAccount{Whom: of(who), Assignment: assignment}
}

func TestAssignAccount(t *testing.T) {
	t.Parallel()
	approved := Assignment{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}
	history := []domain.Event{
		founded, newsAdded, blogAdded, joined(admin, Admin, readOnly, on(scenario.News, OwnerMode)), joined(editor, Editor, readOnly),
		joined(client, Client, readOnly),
	}
	toEdith := assign(scenario.Edith, approved)
	given(t, history...).When(owner, toEdith).Then(AccountAssigned{Member: scenario.Edith, Assignment: approved})
	given(t, history...).When(admin, toEdith).Then(AccountAssigned{Member: scenario.Edith, Assignment: approved})
	toCarl := assign(scenario.Carl, Assignment{Account: scenario.News, ApprovesPosts: true})
	given(t, history...).When(owner, toCarl).Then(AccountAssigned{Member: scenario.Carl, Assignment: toCarl.Assignment})
	toAdam := assign(scenario.Adam, on(scenario.Blog, MemberMode))
	given(t, history...).When(owner, toAdam).Then(AccountAssigned{Member: scenario.Adam, Assignment: toAdam.Assignment})

	again := append(history, AccountAssigned{Member: scenario.Edith, Assignment: approved})
	given(t, again...).When(owner, toEdith).Nothing()
	given(t, again...).When(owner, assign(scenario.Edith, on(scenario.News, MemberMode))).Refused(domain.R27, "assigned_already")
}

// R6, R8: an Admin gives only what the Admin has, and only to Editors (R5).
func TestAssignAccountByAdmin(t *testing.T) {
	t.Parallel()
	bare := append(team(MemberMode), AccountUnassigned{Member: scenario.Edith, Account: scenario.News})
	given(t, bare...).When(admin, assign(scenario.Edith, on(scenario.News, OwnerMode))).Refused(domain.R8, "grant_beyond_own")
	given(t, bare...).When(admin, assign(scenario.Edith, on(scenario.News, MemberMode))).
		Then(AccountAssigned{Member: scenario.Edith, Assignment: on(scenario.News, MemberMode)})
	given(t, bare...).When(admin, assign(scenario.Edith, on(scenario.Blog, MemberMode))).Refused(domain.R6, "account_not_yours")
	for _, who := range []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl} {
		given(t, bare...).When(admin, assign(who, on(scenario.News, MemberMode))).Refused(domain.R5, "owner_only")
	}
	given(t, bare...).When(editor, assign(scenario.Edith, on(scenario.News, MemberMode))).Refused(domain.R2, "owner_only")
	isForMembers(t, bare, assign(scenario.Edith, on(scenario.News, MemberMode)))
}

func TestAssignAccountRefuses(t *testing.T) {
	t.Parallel()
	for code, tc := range map[string]struct {
		assign AssignAccount
		rule   domain.Rule
		field  string
	}{
		"unknown_account":           {assign(scenario.Edith, on(scenario.Lost, OwnerMode)), domain.R27, "assignment.account"},
		"mode_required":             {assign(scenario.Edith, on(scenario.News, NoMode)), domain.R33, "assignment.credential_mode"},
		"level_for_editors_only":    {assign(scenario.Adam, Assignment{Account: scenario.Blog, PostingLevel: ApprovalRequired}), domain.R50, "assignment.posting_level"},
		"approval_for_clients_only": {assign(scenario.Edith, Assignment{Account: scenario.News, ApprovesPosts: true}), domain.R18, "assignment.approves_posts"},
		"owner_has_all_accounts":    {assign(scenario.Olivia, on(scenario.News, OwnerMode)), domain.R27, ""},
		"unknown_member":            {assign(scenario.Mallory, on(scenario.News, OwnerMode)), domain.R27, "member"},
	} {
		refusal := given(t, team(OwnerMode)...).When(owner, tc.assign).Refused(tc.rule, code)
		require.Equal(t, tc.field, refusal.Field)
	}
	readOnlyCarl := []domain.Event{founded, newsAdded, joined(client, Client, readOnly)}
	given(t, readOnlyCarl...).When(owner, assign(scenario.Carl, on(scenario.News, OwnerMode))).Refused(domain.R19, "mode_without_manage_posts")
}

func TestAssignAccountToAnInvitation(t *testing.T) {
	t.Parallel()
	toDora := AssignAccount{Whom: offered(doraInvited.Invitation), Assignment: on(scenario.Blog, MemberMode)}
	given(t, append(team(OwnerMode), doraInvited)...).When(owner, toDora).Then(amended(func(a *InvitationAmended) {
		a.Assignments = []Assignment{on(scenario.News, OwnerMode), on(scenario.Blog, MemberMode)}
	}))
	given(t, append(team(OwnerMode), doraInvited)...).When(admin, toDora).Refused(domain.R6, "account_not_yours")
}

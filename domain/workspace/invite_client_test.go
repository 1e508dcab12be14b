package workspace

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

// inviteCarl is an invitation without assignments, and what comes of it.
func inviteCarl(access ClientAccess, assignments ...Assignment) (InviteClient, ClientInvited) {
	return InviteClient{
			Email: "carl@example.com", Access: access, Assignments: assignments, Person: scenario.Carl,
		}, ClientInvited{
			Invitation: scenario.Fresh(1), Generation: 1, Person: scenario.Carl,
			Email: personal.New(scenario.Carl, "carl@example.com"), Access: access, Assignments: assignments,
			ExpiresAt: scenario.Now.Add(7 * 24 * time.Hour),
		}
}

func TestInviteClient(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		access      ClientAccess
		assignments []Assignment
	}{
		"read-only, no accounts (R15)":        {readOnly, nil},
		"read-only, approving (R15, R18)":     {readOnly, []Assignment{{Account: scenario.News, ApprovesPosts: true}}},
		"adds accounts (R16)":                 {ClientAccess{AddAccounts: true}, []Assignment{{Account: scenario.News}}},
		"writes with both modes (R17, R19)":   {writes, []Assignment{on(scenario.News, OwnerMode), on(scenario.Blog, MemberMode)}},
		"both flags and approving (R14, R18)": {fullyIn, []Assignment{{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: MemberMode}}},
		"the level that Clients have":         {readOnly, []Assignment{{Account: scenario.News, PostingLevel: Full}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			invite, invited := inviteCarl(tc.access, tc.assignments...)
			given(t, founded, newsAdded, blogAdded).When(owner, invite).Then(invited)
		})
	}
}

func TestInviteClientWithTwoFactor(t *testing.T) {
	t.Parallel()
	invite, invited := inviteCarl(readOnly)
	invite.RequireTwoFactor, invited.RequireTwoFactor = true, true
	given(t, founded).When(owner, invite).Then(invited)
}

func TestInvitingAgainReplaces(t *testing.T) {
	t.Parallel()
	invite, invited := inviteCarl(writes)
	pending := ClientInvited{
		Invitation: domain.InvitationID{15: 1}, Generation: 1, Person: scenario.Carl, ExpiresAt: scenario.Now.Add(time.Hour),
	}
	ofEdith := ClientInvited{
		Invitation: domain.InvitationID{15: 2}, Generation: 1, Person: scenario.Edith, ExpiresAt: scenario.Now.Add(time.Hour),
	}
	given(t, founded, pending, ofEdith).
		When(owner, invite).
		Then(InvitationSuperseded{Invitation: pending.Invitation}, invited)

	given(t, founded, pending, InvitationSuperseded{Invitation: pending.Invitation}).
		When(owner, invite).
		Then(invited)

	expired := pending
	expired.ExpiresAt = scenario.Now.Add(-time.Hour)
	given(t, founded, expired).
		When(owner, invite).
		Then(InvitationSuperseded{Invitation: pending.Invitation}, invited)
}

func TestInviteClientIsTheOwners(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(readOnly)
	team := []domain.Event{
		founded, newsAdded, joined(admin, Admin, fullyIn), joined(editor, Editor, readOnly),
		joined(scenario.As(domain.UserID{15: 99}), Client, fullyIn),
	}
	given(t, team...).When(admin, invite).Refused(domain.R5, "owner_only")
	given(t, team...).When(editor, invite).Refused(domain.R2, "owner_only")
	given(t, team...).When(scenario.As(domain.UserID{15: 99}), invite).Refused(domain.R2, "owner_only")
	given(t, team...).When(stranger, invite).Refused(domain.R32, "not_found")
	given(t, team...).When(scenario.System(), invite).Refused(domain.R32, "not_found")
	given(t).When(owner, invite).Refused(domain.R32, "not_found")
}

func TestInviteClientWhoIsAMember(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(readOnly)
	given(t, founded, joined(client, Client, readOnly)).When(owner, invite).Refused(domain.R24, "already_member")

	invite.Person = scenario.Olivia
	given(t, founded).When(owner, invite).Refused(domain.R24, "already_member")
}

func TestInviteClientRefusesAssignments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		access      ClientAccess
		assignments []Assignment
		rule        domain.Rule
		code, field string
	}{
		"a mode without manage_posts": {
			readOnly, []Assignment{on(scenario.News, NoMode), on(scenario.Blog, OwnerMode)},
			domain.R19, "mode_without_manage_posts", "assignments[1].credential_mode",
		},
		"a mode with add_accounts alone": {
			ClientAccess{AddAccounts: true}, []Assignment{on(scenario.News, MemberMode)},
			domain.R19, "mode_without_manage_posts", "assignments[0].credential_mode",
		},
		"manage_posts without a mode": {
			writes, []Assignment{on(scenario.News, NoMode)},
			domain.R19, "mode_required", "assignments[0].credential_mode",
		},
		"manage_posts with a mode that is none": {
			writes, []Assignment{on(scenario.News, "both")},
			domain.R19, "mode_required", "assignments[0].credential_mode",
		},
		"an account that the workspace does not hold": {
			writes, []Assignment{on(scenario.News, OwnerMode), on(scenario.Lost, OwnerMode)},
			domain.R27, "unknown_account", "assignments[1].account",
		},
		"no account": {
			readOnly, []Assignment{{}},
			domain.R27, "unknown_account", "assignments[0].account",
		},
		"an account twice": {
			writes, []Assignment{on(scenario.News, OwnerMode), on(scenario.News, MemberMode)},
			0, "assigned_twice", "assignments[1].account",
		},
		"an Editor's level": {
			writes, []Assignment{{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}},
			domain.R50, "level_for_editors_only", "assignments[0].posting_level",
		},
		"1001 accounts": {
			writes, make([]Assignment, 1001),
			0, "too_many", "assignments",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			invite, _ := inviteCarl(tc.access, tc.assignments...)
			refusal := given(t, founded, newsAdded, blogAdded).When(owner, invite).Refused(tc.rule, tc.code)
			require.Equal(t, domain.Invalid, refusal.Kind)
			require.Equal(t, tc.field, refusal.Field)
		})
	}
}

func TestInviteClientAllAccountsOfALargeTeam(t *testing.T) {
	t.Parallel()
	history := []domain.Event{founded}
	var assignments []Assignment
	for i := range 1000 {
		id := domain.AccountID{0: 7, 14: byte(i >> 8), 15: byte(i)}
		history = append(history, AccountAdded{Account: id, Network: "sandbox", Remote: fmt.Sprint(i)})
		assignments = append(assignments, on(id, OwnerMode))
	}
	invite, invited := inviteCarl(writes, assignments...)
	given(t, history...).When(owner, invite).Then(invited)
}

func TestInviteClientRefusesMalformedEmail(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(readOnly)
	invite.Email = "carl"
	refusal := given(t, founded).When(owner, invite).Refused(0, "malformed_email")
	require.Equal(t, "email", refusal.Field)
}

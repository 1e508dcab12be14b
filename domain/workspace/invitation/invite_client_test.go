package invitation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// inviteCarl is an invitation without assignments, and what comes of it.
func inviteCarl(access workspace.ClientAccess, assignments ...workspace.Assignment) (invitation.InviteClient, workspace.ClientInvited) {
	return invitation.InviteClient{
			Email: "carl@example.com", Access: access, Assignments: assignments, Person: scenario.Carl,
		}, workspace.ClientInvited{
			Invitation: scenario.Fresh(1), Generation: 1, Person: scenario.Carl,
			Email: personal.New(scenario.Carl, "carl@example.com"), Access: access, Assignments: assignments,
			ExpiresAt: scenario.Now.Add(7 * 24 * time.Hour),
		}
}

func TestInviteClient(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		access      workspace.ClientAccess
		assignments []workspace.Assignment
	}{
		"read-only, no accounts (R15)":        {team.ReadOnly, nil},
		"read-only, approving (R15, R18)":     {team.ReadOnly, []workspace.Assignment{{Account: scenario.News, ApprovesPosts: true}}},
		"adds accounts (R16)":                 {workspace.ClientAccess{AddAccounts: true}, []workspace.Assignment{{Account: scenario.News}}},
		"writes with both modes (R17, R19)":   {team.Writes, []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.MemberMode)}},
		"both flags and approving (R14, R18)": {team.FullyIn, []workspace.Assignment{{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: workspace.MemberMode}}},
		"the level that Clients have":         {team.ReadOnly, []workspace.Assignment{{Account: scenario.News, PostingLevel: workspace.Full}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			invite, invited := inviteCarl(tc.access, tc.assignments...)
			team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded).When(team.Owner, invite).Then(invited)
		})
	}
}

func TestInviteClientWithTwoFactor(t *testing.T) {
	t.Parallel()
	invite, invited := inviteCarl(team.ReadOnly)
	invite.RequireTwoFactor, invited.RequireTwoFactor = true, true
	team.Given(t, team.Founded).When(team.Owner, invite).Then(invited)
}

func TestInvitingAgainReplaces(t *testing.T) {
	t.Parallel()
	invite, invited := inviteCarl(team.Writes)
	pending := workspace.ClientInvited{
		Invitation: domain.InvitationID{15: 1}, Generation: 1, Person: scenario.Carl, ExpiresAt: scenario.Now.Add(time.Hour),
	}
	ofEdith := workspace.ClientInvited{
		Invitation: domain.InvitationID{15: 2}, Generation: 1, Person: scenario.Edith, ExpiresAt: scenario.Now.Add(time.Hour),
	}
	team.Given(t, team.Founded, pending, ofEdith).
		When(team.Owner, invite).
		Then(workspace.InvitationSuperseded{Invitation: pending.Invitation}, invited)

	team.Given(t, team.Founded, pending, workspace.InvitationSuperseded{Invitation: pending.Invitation}).
		When(team.Owner, invite).
		Then(invited)

	expired := pending
	expired.ExpiresAt = scenario.Now.Add(-time.Hour)
	team.Given(t, team.Founded, expired).
		When(team.Owner, invite).
		Then(workspace.InvitationSuperseded{Invitation: pending.Invitation}, invited)
}

func TestInviteClientIsTheOwners(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(team.ReadOnly)
	history := []domain.Event{
		team.Founded, team.NewsAdded, team.Joined(team.Admin, workspace.Admin, team.FullyIn), team.Joined(team.Editor, workspace.Editor, team.ReadOnly),
		team.Joined(scenario.As(domain.UserID{15: 99}), workspace.Client, team.FullyIn),
	}
	team.Given(t, history...).When(team.Admin, invite).Refused(domain.R5, "owner_only")
	team.Given(t, history...).When(team.Editor, invite).Refused(domain.R2, "owner_only")
	team.Given(t, history...).When(scenario.As(domain.UserID{15: 99}), invite).Refused(domain.R2, "owner_only")
	team.Given(t, history...).When(team.Stranger, invite).Refused(domain.R32, "not_found")
	team.Given(t, history...).When(scenario.System(), invite).Refused(domain.R32, "not_found")
	team.Given(t).When(team.Owner, invite).Refused(domain.R32, "not_found")
}

func TestInviteClientWhoIsAMember(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(team.ReadOnly)
	team.Given(t, team.Founded, team.Joined(team.Client, workspace.Client, team.ReadOnly)).When(team.Owner, invite).Refused(domain.R24, "already_member")

	invite.Person = scenario.Olivia
	team.Given(t, team.Founded).When(team.Owner, invite).Refused(domain.R24, "already_member")
}

func TestInviteClientRefusesAssignments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		access      workspace.ClientAccess
		assignments []workspace.Assignment
		rule        domain.Rule
		code, field string
	}{
		"a mode without manage_posts": {
			team.ReadOnly, []workspace.Assignment{team.On(scenario.News, workspace.NoMode), team.On(scenario.Blog, workspace.OwnerMode)},
			domain.R19, "mode_without_manage_posts", "assignments[1].credential_mode",
		},
		"a mode with add_accounts alone": {
			workspace.ClientAccess{AddAccounts: true}, []workspace.Assignment{team.On(scenario.News, workspace.MemberMode)},
			domain.R19, "mode_without_manage_posts", "assignments[0].credential_mode",
		},
		"manage_posts without a mode": {
			team.Writes, []workspace.Assignment{team.On(scenario.News, workspace.NoMode)},
			domain.R19, "mode_required", "assignments[0].credential_mode",
		},
		"manage_posts with a mode that is none": {
			team.Writes, []workspace.Assignment{team.On(scenario.News, "both")},
			domain.R19, "mode_required", "assignments[0].credential_mode",
		},
		"an account that the workspace does not hold": {
			team.Writes, []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Lost, workspace.OwnerMode)},
			domain.R27, "unknown_account", "assignments[1].account",
		},
		"no account": {
			team.ReadOnly, []workspace.Assignment{{}},
			domain.R27, "unknown_account", "assignments[0].account",
		},
		"an account twice": {
			team.Writes, []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode), team.On(scenario.News, workspace.MemberMode)},
			0, "assigned_twice", "assignments[1].account",
		},
		"an Editor's level": {
			team.Writes, []workspace.Assignment{{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}},
			domain.R50, "level_for_editors_only", "assignments[0].posting_level",
		},
		"1001 accounts": {
			team.Writes, make([]workspace.Assignment, 1001),
			0, "too_many", "assignments",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			invite, _ := inviteCarl(tc.access, tc.assignments...)
			refusal := team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded).When(team.Owner, invite).Refused(tc.rule, tc.code)
			require.Equal(t, domain.Invalid, refusal.Kind)
			require.Equal(t, tc.field, refusal.Field)
		})
	}
}

func TestInviteClientAllAccountsOfALargeTeam(t *testing.T) {
	t.Parallel()
	history := []domain.Event{team.Founded}
	var assignments []workspace.Assignment
	for i := range 1000 {
		id := domain.AccountID{0: 7, 14: byte(i >> 8), 15: byte(i)}
		history = append(history, workspace.AccountAdded{Account: id, Network: "sandbox", Remote: fmt.Sprint(i)})
		assignments = append(assignments, team.On(id, workspace.OwnerMode))
	}
	invite, invited := inviteCarl(team.Writes, assignments...)
	team.Given(t, history...).When(team.Owner, invite).Then(invited)
}

func TestInviteClientRefusesMalformedEmail(t *testing.T) {
	t.Parallel()
	invite, _ := inviteCarl(team.ReadOnly)
	invite.Email = "carl"
	refusal := team.Given(t, team.Founded).When(team.Owner, invite).Refused(0, "malformed_email")
	require.Equal(t, "email", refusal.Field)
}

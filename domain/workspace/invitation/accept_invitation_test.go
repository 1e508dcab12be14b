package invitation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// carlAccepted is what comes of Carl's invitation while both accounts are held.
var carlAccepted = workspace.InvitationAccepted{
	Invitation: team.CarlInvited.Invitation, Member: scenario.Carl, Role: workspace.Client,
	Access: team.Writes, RequireTwoFactor: true, Assignments: team.CarlInvited.Assignments,
}

// accept follows a generation of the link of Carl's invitation.
func accept(generation int) invitation.AcceptInvitation {
	return invitation.AcceptInvitation{Link: invitation.Link{Invitation: team.CarlInvited.Invitation, Generation: generation}}
}

func TestAcceptInvitation(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded, team.CarlInvited).When(team.Client, accept(1)).Then(carlAccepted)
}

func TestAcceptedClientIsAMember(t *testing.T) {
	t.Parallel()
	w := team.Fold(team.Founded, team.NewsAdded, team.BlogAdded, team.CarlInvited)
	_, err := w.Admit(team.Client)
	require.ErrorIs(t, err, domain.R32, "invited is not yet a member (R22)")

	w.Evolve(carlAccepted)
	withBothFactors := team.Client
	withBothFactors.TwoFactor = true
	member, err := w.Admit(withBothFactors)
	require.NoError(t, err)
	require.Equal(t, workspace.Member{
		User: scenario.Carl, Role: workspace.Client, Access: team.Writes, RequireTwoFactor: true,
		Assignments: map[domain.AccountID]workspace.Assignment{
			scenario.News: team.CarlInvited.Assignments[0],
			scenario.Blog: team.CarlInvited.Assignments[1],
		},
	}, member)
	require.Equal(t, workspace.Accepted, w.Invitations[team.CarlInvited.Invitation].Status)
}

// R26: what is gone meanwhile drops out, and the event says so.
func TestAcceptInvitationDropsAccountsThatAreGone(t *testing.T) {
	t.Parallel()
	accepted := carlAccepted
	accepted.Assignments = team.CarlInvited.Assignments[:1]
	accepted.Dropped = []domain.AccountID{scenario.Blog}
	team.Given(t, team.Founded, team.NewsAdded, team.CarlInvited).When(team.Client, accept(1)).Then(accepted)

	accepted.Assignments = nil
	accepted.Dropped = []domain.AccountID{scenario.News, scenario.Blog}
	team.Given(t, team.Founded, team.CarlInvited).When(team.Client, accept(1)).Then(accepted)
}

// R23: the link works for seven days, and not at the instant when they end.
func TestAcceptInvitationExpires(t *testing.T) {
	t.Parallel()
	pending := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.CarlInvited}

	team.Given(t, pending...).
		When(scenario.At(team.Client, team.CarlInvited.ExpiresAt.Add(-time.Nanosecond)), accept(1)).
		Then(carlAccepted)
	team.Given(t, pending...).
		When(scenario.At(team.Client, team.CarlInvited.ExpiresAt), accept(1)).
		Refused(domain.R23, "link_expired")
	team.Given(t, pending...).
		When(scenario.At(team.Client, team.CarlInvited.ExpiresAt.Add(time.Hour)), accept(1)).
		Refused(domain.R23, "link_expired")
}

func TestAcceptInvitationOnce(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded, team.CarlInvited, carlAccepted).When(team.Client, accept(1)).Refused(domain.R23, "link_used")
	team.Given(t, team.Founded, team.CarlInvited, carlAccepted).When(team.Stranger, accept(1)).Refused(domain.R23, "link_used")
}

func TestAcceptInvitationThatWasReplaced(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded, team.CarlInvited, workspace.InvitationSuperseded{Invitation: team.CarlInvited.Invitation}).
		When(team.Client, accept(1)).
		Refused(domain.R23, "link_superseded")

	resent := team.CarlInvited
	resent.Generation = 2
	team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded, resent).When(team.Client, accept(1)).Refused(domain.R23, "link_superseded")
	team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded, resent).When(team.Client, accept(3)).Refused(domain.R23, "link_superseded")
	team.Given(t, team.Founded, team.NewsAdded, team.BlogAdded, resent).When(team.Client, accept(2)).Then(carlAccepted)
}

func TestAcceptInvitationOfSomebodyElse(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded, team.CarlInvited).When(team.Stranger, accept(1)).Refused(domain.R23, "other_address")
	team.Given(t, team.Founded, team.CarlInvited).When(team.Owner, accept(1)).Refused(domain.R23, "other_address")
}

func TestAcceptInvitationWithoutAGenuineLink(t *testing.T) {
	t.Parallel()
	unknown := invitation.AcceptInvitation{Link: invitation.Link{Invitation: domain.InvitationID{15: 42}, Generation: 1}}
	team.Given(t, team.Founded, team.CarlInvited).When(team.Client, invitation.AcceptInvitation{}).Refused(domain.R32, "not_found")
	team.Given(t, team.Founded, team.CarlInvited).When(team.Client, unknown).Refused(domain.R32, "not_found")
	team.Given(t, team.Founded, team.CarlInvited).When(team.Client, accept(0)).Refused(domain.R32, "not_found")
	team.Given(t, team.Founded, team.CarlInvited).When(scenario.System(), accept(1)).Refused(domain.R32, "not_found")
	team.Given(t).When(team.Client, accept(1)).Refused(domain.R32, "not_found")
}

func TestAcceptInvitationOfAMember(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded, team.Joined(team.Client, workspace.Editor, team.ReadOnly), team.CarlInvited).
		When(team.Client, accept(1)).
		Refused(domain.R24, "already_member")
}

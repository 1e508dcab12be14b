package workspace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

// carlInvited is pending for one more hour.
var carlInvited = ClientInvited{
	Invitation: domain.InvitationID{15: 1}, Generation: 1, Person: scenario.Carl, Email: personal.New(scenario.Carl, "carl@example.com"),
	Access: writes, RequireTwoFactor: true,
	Assignments: []Assignment{
		{Account: scenario.News, ApprovesPosts: true, CredentialMode: OwnerMode},
		on(scenario.Blog, MemberMode),
	},
	ExpiresAt: scenario.Now.Add(time.Hour),
}

// carlAccepted is what comes of it while both accounts are held.
var carlAccepted = InvitationAccepted{
	Invitation: carlInvited.Invitation, Member: scenario.Carl, Role: Client,
	Access: writes, RequireTwoFactor: true, Assignments: carlInvited.Assignments,
}

// accept follows a generation of the link of carlInvited.
func accept(generation int) AcceptInvitation {
	return AcceptInvitation{Link: InvitationLink{Invitation: carlInvited.Invitation, Generation: generation}}
}

func TestAcceptInvitation(t *testing.T) {
	t.Parallel()
	given(t, founded, newsAdded, blogAdded, carlInvited).When(client, accept(1)).Then(carlAccepted)
}

func TestAcceptedClientIsAMember(t *testing.T) {
	t.Parallel()
	w := fold(founded, newsAdded, blogAdded, carlInvited)
	_, err := w.Admit(client)
	require.ErrorIs(t, err, domain.R32, "invited is not yet a member (R22)")

	w.Evolve(carlAccepted)
	withBothFactors := client
	withBothFactors.TwoFactor = true
	member, err := w.Admit(withBothFactors)
	require.NoError(t, err)
	require.Equal(t, Member{
		User: scenario.Carl, Role: Client, Access: writes, RequireTwoFactor: true,
		Assignments: map[domain.AccountID]Assignment{
			scenario.News: carlInvited.Assignments[0],
			scenario.Blog: carlInvited.Assignments[1],
		},
	}, member)
	require.Equal(t, Accepted, w.Invitations[carlInvited.Invitation].Status)
}

// R26: what is gone meanwhile drops out, and the event says so.
func TestAcceptInvitationDropsAccountsThatAreGone(t *testing.T) {
	t.Parallel()
	accepted := carlAccepted
	accepted.Assignments = carlInvited.Assignments[:1]
	accepted.Dropped = []domain.AccountID{scenario.Blog}
	given(t, founded, newsAdded, carlInvited).When(client, accept(1)).Then(accepted)

	accepted.Assignments = nil
	accepted.Dropped = []domain.AccountID{scenario.News, scenario.Blog}
	given(t, founded, carlInvited).When(client, accept(1)).Then(accepted)
}

// R23: the link works for seven days, and not at the instant when they end.
func TestAcceptInvitationExpires(t *testing.T) {
	t.Parallel()
	pending := []domain.Event{founded, newsAdded, blogAdded, carlInvited}

	given(t, pending...).
		When(scenario.At(client, carlInvited.ExpiresAt.Add(-time.Nanosecond)), accept(1)).
		Then(carlAccepted)
	given(t, pending...).
		When(scenario.At(client, carlInvited.ExpiresAt), accept(1)).
		Refused(domain.R23, "link_expired")
	given(t, pending...).
		When(scenario.At(client, carlInvited.ExpiresAt.Add(time.Hour)), accept(1)).
		Refused(domain.R23, "link_expired")
}

func TestAcceptInvitationOnce(t *testing.T) {
	t.Parallel()
	given(t, founded, carlInvited, carlAccepted).When(client, accept(1)).Refused(domain.R23, "link_used")
	given(t, founded, carlInvited, carlAccepted).When(stranger, accept(1)).Refused(domain.R23, "link_used")
}

func TestAcceptInvitationThatWasReplaced(t *testing.T) {
	t.Parallel()
	given(t, founded, carlInvited, InvitationSuperseded{Invitation: carlInvited.Invitation}).
		When(client, accept(1)).
		Refused(domain.R23, "link_superseded")

	resent := carlInvited
	resent.Generation = 2
	given(t, founded, newsAdded, blogAdded, resent).When(client, accept(1)).Refused(domain.R23, "link_superseded")
	given(t, founded, newsAdded, blogAdded, resent).When(client, accept(3)).Refused(domain.R23, "link_superseded")
	given(t, founded, newsAdded, blogAdded, resent).When(client, accept(2)).Then(carlAccepted)
}

func TestAcceptInvitationOfSomebodyElse(t *testing.T) {
	t.Parallel()
	given(t, founded, carlInvited).When(stranger, accept(1)).Refused(domain.R23, "other_address")
	given(t, founded, carlInvited).When(owner, accept(1)).Refused(domain.R23, "other_address")
}

func TestAcceptInvitationWithoutAGenuineLink(t *testing.T) {
	t.Parallel()
	unknown := AcceptInvitation{Link: InvitationLink{Invitation: domain.InvitationID{15: 42}, Generation: 1}}
	given(t, founded, carlInvited).When(client, AcceptInvitation{}).Refused(domain.R32, "not_found")
	given(t, founded, carlInvited).When(client, unknown).Refused(domain.R32, "not_found")
	given(t, founded, carlInvited).When(client, accept(0)).Refused(domain.R32, "not_found")
	given(t, founded, carlInvited).When(scenario.System(), accept(1)).Refused(domain.R32, "not_found")
	given(t).When(client, accept(1)).Refused(domain.R32, "not_found")
}

func TestAcceptInvitationOfAMember(t *testing.T) {
	t.Parallel()
	given(t, founded, joined(client, Editor, readOnly), carlInvited).
		When(client, accept(1)).
		Refused(domain.R24, "already_member")
}

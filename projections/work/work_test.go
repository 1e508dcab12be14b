package work

import (
	"slices"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"

	"github.com/stretchr/testify/require"
)

func numbers(t *testing.T) func([]Target, error) []byte {
	return func(found []Target, err error) []byte {
		t.Helper()
		require.NoError(t, err)
		ids := []byte{}
		for _, target := range found {
			ids = append(ids, target.Post[15])
		}
		return ids
	}
}

func TestWhatIsDueComesMostUrgentFirst(t *testing.T) {
	t.Parallel()
	var log []domain.Change
	log = append(log, postN(1, scheduledAt(noon.Add(time.Minute)))...)
	log = append(log, postN(2, scheduledAt(noon))...)
	log = append(log, postN(3, scheduledAt(noon.Add(-time.Hour)), claimed,
		post.TargetReleased{Account: news, Attempt: attempt, NotBefore: noon.Add(2 * time.Minute)})...)
	log = append(log, postN(4, scheduledAt(noon), claimed)...)
	log = append(log, postN(5, post.Scheduled{Revision: 1, At: noon, Gates: map[domain.AccountID][]post.Gate{news: {post.TeamGate}}})...)
	log = append(log, postN(6, scheduledAt(noon), post.TargetMissed{Account: news})...)
	work, due := workOn(t, log...), numbers(t)

	require.Equal(t, []byte{2, 1, 3}, due(work.DueBefore(t.Context(), noon, noon.Add(time.Hour), 10)))
	require.Equal(t, []byte{2, 1}, due(work.DueBefore(t.Context(), noon, noon.Add(2*time.Minute), 10)))
	require.Equal(t, []byte{2}, due(work.DueBefore(t.Context(), noon, noon.Add(time.Hour), 1)))
	require.Empty(t, due(work.DueBefore(t.Context(), noon, noon, 10)))

	require.Equal(t, []byte{4}, due(work.ClaimsPast(t.Context(), claimed.Deadline.Add(time.Second), 10)))
	require.Empty(t, due(work.ClaimsPast(t.Context(), claimed.Deadline, 10)))

	require.Equal(t, []byte{5}, due(work.WaitingPast(t.Context(), noon, 10)))
	require.Empty(t, due(work.WaitingPast(t.Context(), noon.Add(-time.Second), 10)))

	found, err := work.ClaimsPast(t.Context(), noon.Add(time.Hour), 1)
	require.NoError(t, err)
	require.Equal(t, Target{
		Workspace: acme, Post: domain.PostID{0: 4, 15: 4}, Account: news, State: post.Claimed, Due: noon, NotBefore: noon,
		Attempt: attempt, Deadline: claimed.Deadline, Mode: workspace.OwnerMode, Holder: olivia, Connection: oldKey,
		Position: found[0].Position,
	}, found[0])
}

func TestHeldTargetsAreToldOfAndGoOn(t *testing.T) {
	t.Parallel()
	forOlivia := post.TargetNeedsReauthentication{Account: news, Mode: workspace.OwnerMode, Holder: olivia, Connection: oldKey}
	forCarl := post.TargetNeedsReauthentication{Account: news, Mode: workspace.MemberMode, Holder: carl}
	held := append(postN(1, scheduledAt(noon), forOlivia), postN(2, scheduledAt(noon), forCarl)...)
	again := account.Connected{Workspace: acme, Network: "sandbox", Remote: "page-1", Connection: newKey, Holder: olivia, Replaces: oldKey}
	joined := accepted(first)
	joined.Assignments = []workspace.Assignment{{Account: news, CredentialMode: workspace.MemberMode}}
	changed := workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.MemberMode, To: workspace.OwnerMode}
	with := func(events ...domain.Event) *Reader {
		team := inAcme(founded, newsAdded, invited(first), joined)
		events = slices.DeleteFunc(events, func(e domain.Event) bool {
			switch e.(type) {
			case workspace.CredentialModeChanged, workspace.Closed:
				team = append(team, inAcme(e)...)
				return true
			}
			return false
		})
		return workOn(t, append(append(team, onNews(append([]domain.Event{connected}, events...)...)...), held...)...)
	}
	list := numbers(t)

	// nobody is asked for what is of no use: R35, R13
	require.Equal(t, []byte{1}, list(with(changed).HeldUntold(t.Context(), 10)))
	require.Empty(t, list(with(workspace.Closed{}).HeldUntold(t.Context(), 10)))

	before := with()
	require.Equal(t, []byte{1}, list(before.HeldFor(t.Context(), news, olivia, 10)))
	require.Equal(t, []byte{2}, list(before.HeldFor(t.Context(), news, carl, 10)))
	require.Empty(t, list(before.HeldFor(t.Context(), blog, carl, 10)))
	require.Equal(t, []byte{1, 2}, list(before.HeldUntold(t.Context(), 10)), "no outage was recorded for either")
	require.Empty(t, list(before.HeldMended(t.Context(), dawn, 10)), "the connection that is active is the one that failed")

	asked := with(died, neverThere)
	missing, err := asked.Missing(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{oldKey}, missing, "nothing is stored here; and who never connected lacks nothing")
	require.Empty(t, list(asked.HeldUntold(t.Context(), 10)))
	require.Empty(t, list(asked.HeldMended(t.Context(), dawn, 10)))

	// who has disconnected is asked once that is done, for what they have now
	gone := []domain.Event{account.Disconnected{Holder: olivia, Connection: oldKey}, neverThere}
	require.Empty(t, list(with(gone...).HeldUntold(t.Context(), 10)))
	gone = append(gone, account.ConnectionDestroyed{Holder: olivia, Connection: oldKey, Disconnected: true})
	untold, err := with(gone...).HeldUntold(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, untold, 1)
	require.Equal(t, olivia, untold[0].Holder)
	require.Zero(t, untold[0].Connection)
	require.Empty(t, list(with(append(gone, account.ReauthenticationNeeded{Holder: olivia, Code: "no_connection"})...).HeldUntold(t.Context(), 10)))

	mended := with(died, neverThere, again)
	require.Empty(t, list(mended.HeldUntold(t.Context(), 10)))
	require.Equal(t, []byte{1}, list(mended.HeldMended(t.Context(), dawn, 10)))
	require.Empty(t, list(mended.HeldMended(t.Context(), noon, 10)), "past due waits for a person (R47)")
}

func TestMailsThatShouldHaveBeenSent(t *testing.T) {
	t.Parallel()
	work := workOn(t, append(inAcme(founded, invited(first), workspace.InvitationSuperseded{Invitation: first}, invited(second)),
		onNews(connected, died, neverThere)...)...)

	open, err := work.InvitationsSince(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Equal(t, []OpenInvitation{{
		Event: eventID(4), Position: 4, Workspace: acme, WorkspaceName: "Acme", ID: second, Generation: 1, Role: workspace.Client,
		Person: carl, Email: sealed(carl, "carl@example.com"), InvitedBy: olivia, InvitedAt: at(4), ExpiresAt: dawn.Add(invitation.Life),
	}}, open)
	late, err := work.InvitationsSince(t.Context(), at(4), 10)
	require.NoError(t, err)
	require.Empty(t, late)
	into, err := workOn(t, inAcme(founded, invited(first), workspace.Closed{})...).InvitationsSince(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Empty(t, into, "nobody is reminded of one into a closed workspace (R13)")

	outages, err := work.OutagesSince(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Equal(t, []Outage{
		{
			Event: eventID(6), Position: 6, Workspace: acme, Account: news, Holder: olivia, Connection: oldKey,
			Code: "expired", Detail: "The token has expired.", Since: at(6),
		},
		{Event: eventID(7), Position: 7, Workspace: acme, Account: news, Holder: carl, Code: "no_connection", Detail: "Never connected.", Since: at(7)},
	}, outages)
	outages, err = work.OutagesSince(t.Context(), at(6), 10)
	require.NoError(t, err)
	require.Len(t, outages, 1)
}

func TestATargetIsReadyWhenItsTimeAndItsPauseHavePassed(t *testing.T) {
	t.Parallel()
	require.Equal(t, noon, Target{Due: noon, NotBefore: dawn}.Ready())
	require.Equal(t, noon, Target{Due: dawn, NotBefore: noon}.Ready())
}

package posts

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/reading"
	"behalf/projections/work"

	"github.com/stretchr/testify/require"
)

// R9, R61: what waits for approval is of whoever it belongs to by now. A target
// that has passed to the Owner, and waits as the Owner's, hinders no change of
// the role of who wrote the post; one that is left to them does.
func TestPendingIsOfWhoseItIs(t *testing.T) {
	t.Parallel()
	gated := planned
	gated.Gates = map[domain.AccountID][]post.Gate{news: {post.TeamGate}, blog: {post.ClientGate}}
	again := post.Scheduled{
		Revision: 1, At: noon, Accounts: []domain.AccountID{news}, Gates: map[domain.AccountID][]post.Gate{news: {post.ClientGate}},
	}
	passed := post.Passed{From: carl, To: olivia, Accounts: []domain.AccountID{news}, Drafts: []domain.AccountID{news}}
	reader := readerOn(t, onHello(composed, gated, passed, again)...)
	of := func(author domain.UserID) []PendingTarget {
		return value[[]PendingTarget](t)(Pending(t.Context(), reader, ofAcme, 0, author, domain.AccountID{}))
	}
	require.Equal(t, []PendingTarget{{Post: hello, Account: news, State: post.Waiting}}, of(olivia))
	require.Equal(t, []PendingTarget{{Post: hello, Account: blog, State: post.Waiting}}, of(carl))

	whole := post.Passed{From: carl, To: olivia, Accounts: []domain.AccountID{news, blog}, Drafts: []domain.AccountID{news, blog}, Whole: true}
	reader = readerOn(t, onHello(composed, gated, whole)...)
	require.Empty(t, of(carl))
	require.Len(t, of(olivia), 2)
}

// R61: what passes to the Owner is listed for people's commands as it is for the
// clerk who ends the memberships of the erased.
func TestPendingIsTheSameForTheClerk(t *testing.T) {
	t.Parallel()
	g := given(t, record(team(onHello(composed)...)...)...)
	reader, clerk := reading.New(g.Under(eventstore.RoleAPI), nil), work.NewReader(g.Under(eventstore.RoleEngine))
	var pending []post.TargetState
	for _, state := range post.States() {
		_, err := g.Tables.Exec(t.Context(), "update views.targets set state = $1", state)
		require.NoError(t, err)
		found, err := clerk.Pending(t.Context(), acme, carl)
		require.NoError(t, err)
		same := []work.Pending{}
		for _, target := range value[[]PendingTarget](t)(Pending(t.Context(), reader, ofAcme, 0, carl, domain.AccountID{})) {
			same = append(same, work.Pending(target))
		}
		require.Equal(t, same, found)
		if len(found) == 2 {
			pending = append(pending, state)
		}
	}
	require.Equal(t, []post.TargetState{post.Draft, post.Waiting, post.Due, post.Claimed, post.NeedsReauthentication}, pending)
}

package reading

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"

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
	g := given(t, record(onHello(composed, gated, passed, again)...)...)
	reader := New(g.Under(eventstore.RoleAPI), nil)
	of := func(author domain.UserID) []PendingTarget {
		return value[[]PendingTarget](t)(reader.Pending(t.Context(), ofAcme, 0, author, domain.AccountID{}))
	}
	require.Equal(t, []PendingTarget{{Post: hello, Account: news, State: post.Waiting}}, of(olivia))
	require.Equal(t, []PendingTarget{{Post: hello, Account: blog, State: post.Waiting}}, of(carl))

	whole := post.Passed{From: carl, To: olivia, Accounts: []domain.AccountID{news, blog}, Drafts: []domain.AccountID{news, blog}, Whole: true}
	g = given(t, record(onHello(composed, gated, whole)...)...)
	reader = New(g.Under(eventstore.RoleAPI), nil)
	require.Empty(t, of(carl))
	require.Len(t, of(olivia), 2)
}

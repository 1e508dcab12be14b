package projections

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows/rowstest"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever order the streams are read in, each in its own, the rows are the
// same; and reading the whole log once more changes nothing.
func TestHandlersCommuteAcrossStreams(t *testing.T) {
	t.Parallel()
	again := connected
	again.Connection = newKey
	log := record(append(append(append(append(append(
		inAcme(founded, newsAdded, blogAdded, invited(first), accepted(first),
			workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode}),
		onNews(connected, died, again, neverThere)...),
		domain.On(account.Stream(blog), connected)...),
		onHello(composed, planned, claimed, post.TargetPublished{Account: news, Attempt: attempt, Remote: "99"})...),
		domain.On(user.Stream(olivia), user.Registered{Email: sealed(olivia, "olivia@example.com"), Name: sealed(olivia, "Olivia")})...),
		domain.On(user.Stream(carl), user.Registered{Email: sealed(carl, "carl@example.com"), Name: sealed(carl, "Carl")})...)...)
	want := new(rowstest.Memory)
	require.NoError(t, storytest.Tell(t.Context(), Views(), log, want))

	rapid.Check(t, func(t *rapid.T) {
		streams := map[domain.Stream][]eventstore.Recorded{}
		for _, recorded := range log {
			streams[recorded.Stream] = append(streams[recorded.Stream], recorded)
		}
		order := make([]domain.Stream, len(log))
		for i, recorded := range log {
			order[i] = recorded.Stream
		}
		var mixed []eventstore.Recorded
		for _, stream := range rapid.Permutation(order).Draw(t, "order") {
			mixed = append(mixed, streams[stream][0])
			streams[stream] = streams[stream][1:]
		}
		got := new(rowstest.Memory)
		require.NoError(t, storytest.Tell(t.Context(), Views(), mixed, got))
		require.Equal(t, want, got)
		require.NoError(t, storytest.Tell(t.Context(), Views(), log, got))
		require.Equal(t, want, got)
	})
}

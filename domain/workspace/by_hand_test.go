package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
)

// An account of Facebook Groups that was added before it was noted who posts there
// is one that people post to by hand, as it always was.
func TestByHandBeforeItWasNoted(t *testing.T) {
	t.Parallel()
	to := domain.AccountID{3, 1}
	byHand := func(added workspace.AccountAdded) bool {
		added.Account = to
		var w workspace.Workspace
		w.Evolve(workspace.Created{Owner: domain.UserID{2, 1}})
		w.Evolve(added)
		return w.Accounts[to].ByHand
	}
	require.True(t, byHand(workspace.AccountAdded{Network: "facebook_groups"}))
	require.True(t, byHand(workspace.AccountAdded{Network: "another", ByHand: true}))
	require.False(t, byHand(workspace.AccountAdded{Network: "facebook_pages"}))
}

package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/workerstest"
)

// sparing is a network that takes so many posts in a time.
type sparing struct {
	networks.Connector
	budget networks.Budget
}

func (s sparing) Capabilities() networks.Capabilities {
	like := s.Connector.Capabilities()
	like.Budgets = []networks.Budget{s.budget}
	return like
}

// What a network documents that it takes is not exceeded: the next post waits
// for its turn, without the network's being asked, and goes out then.
func TestBudgetIsKept(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Networks[sandbox.Name] = sparing{w.Networks[sandbox.Name], networks.Budget{Scope: networks.ScopeAccount, Calls: 1, Per: 4 * time.Second}}
	w.Work()
	first := w.Publish(w.Carl, "one")
	w.Await(first, post.Published)
	second := w.Publish(w.Carl, "two")
	require.Equal(t, "network_rests", workerstest.AwaitEvent[post.TargetReleased](w, second).Code)
	require.Len(t, w.Requests(), 1)
	w.Await(second, post.Published)
	requests := w.Requests()
	require.Len(t, requests, 2)
	require.Greater(t, requests[1].At.Sub(requests[0].At), 3*time.Second)
}

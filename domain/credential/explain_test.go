package credential

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Explaining says yes exactly where publishing would: in no situation do the
// two differ, and every no has its rule.
func TestExplainAgreesWithResolve(t *testing.T) {
	t.Parallel()
	for s := range everySituation {
		w, a, author := build(s)
		answer := Explain(w, scenario.Blog, a, author)
		resolved, err := Resolve(w, scenario.Blog, a, author, "")
		require.NoError(t, err)
		permitted := w.Members[author].Posts(scenario.Blog)
		require.Equal(t, permitted, answer.Posts)
		said, _ := lookUp(s)
		require.Equal(t, permitted && said.goesOut, answer.MayPublish)
		require.Equal(t, answer.MayPublish, answer.Why == nil, "a no has its reason, a yes none")
		if permitted {
			require.Equal(t, resolved, answer.Resolution)
		} else {
			require.Empty(t, answer.Resolution)
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	t.Parallel()
	w, a, author := build(plain)
	why := func(w workspace.Workspace, a account.Account, id domain.AccountID, who domain.UserID) domain.Rule {
		return Explain(w, id, a, who).Why.Rule
	}
	require.Equal(t, domain.R32, why(w, a, scenario.Blog, scenario.Mallory))
	require.Equal(t, domain.R27, why(w, a, scenario.News, author))
	reader := plain
	reader.writes = false
	w2, a2, _ := build(reader)
	require.Equal(t, domain.R17, why(w2, a2, scenario.Blog, author))
	a.Evolve(account.Disconnected{Holder: scenario.Olivia, Connection: connectionOf(scenario.Olivia)})
	require.Equal(t, domain.R44, why(w, a, scenario.Blog, author))
	byHand := plain
	byHand.byHand = true
	w3, a3, _ := build(byHand)
	a3.Evolve(account.Disconnected{Holder: scenario.Olivia, Connection: connectionOf(scenario.Olivia)})
	require.Nil(t, Explain(w3, scenario.Blog, a3, author).Why)
	w3.Evolve(workspace.PublishingPaused{})
	require.Equal(t, domain.R68, why(w3, a3, scenario.Blog, author))
	w.Evolve(workspace.PublishingPaused{})
	require.Equal(t, domain.R68, why(w, a, scenario.Blog, author))
}

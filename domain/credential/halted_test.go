package credential

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// R13, R68: where nothing is sent, that is the answer, whoever the author is;
// whose connection it would be is still known.
func TestHalted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		halt []domain.Event
		rule domain.Rule // zero: not halted
	}{
		{[]domain.Event{workspace.PublishingPaused{}}, domain.R68},
		{[]domain.Event{workspace.PublishingPaused{Account: scenario.Blog}}, domain.R68},
		{[]domain.Event{workspace.PublishingPaused{}, workspace.PublishingPaused{Account: scenario.Blog}, workspace.PublishingResumed{}}, domain.R68},
		{[]domain.Event{workspace.PublishingPaused{}, workspace.PublishingResumed{}}, 0},
		{[]domain.Event{workspace.PublishingPaused{Account: scenario.News}}, 0},
		{[]domain.Event{workspace.Closed{}}, domain.R13},
		{[]domain.Event{workspace.DeletionScheduled{Until: scenario.Now}}, domain.R13},
		{[]domain.Event{workspace.DeletionScheduled{Until: scenario.Now}, workspace.DeletionCancelled{}}, 0},
		{[]domain.Event{workspace.DeletionScheduled{Until: scenario.Now}, workspace.Deleted{}}, domain.R13},
	} {
		w, a, author := build(plain)
		for _, event := range tc.halt {
			w.Evolve(event)
		}
		for _, who := range []domain.UserID{author, scenario.Olivia} {
			got, err := Resolve(w, scenario.Blog, a, who, "")
			whose, known := Whose(w, scenario.Blog, a, who, "")
			require.NoError(t, known)
			require.True(t, whose.Usable())
			if tc.rule == 0 {
				require.NoError(t, err)
				require.Equal(t, whose, got)
				continue
			}
			require.ErrorIs(t, err, tc.rule)
			require.False(t, got.Usable())
		}
	}
}

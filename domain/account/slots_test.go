package account

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R57: whatever was reserved, the next free moment is a minute from every other
// post's, no sooner than asked for, and no free one lies before it.
func TestNextFree(t *testing.T) {
	t.Parallel()
	second := func(n int) time.Time { return scenario.Now.Add(time.Duration(n) * time.Second) }
	rapid.Check(t, func(t *rapid.T) {
		var a Account
		mine := domain.PostID{15: 1}
		taken := rapid.SliceOfN(rapid.IntRange(0, 600), 0, 8).Draw(t, "taken")
		for i, n := range taken {
			a.Evolve(SlotReserved{Post: domain.PostID{15: byte(2 + i)}, At: second(n), Decided: second(-60)})
		}
		a.Evolve(SlotReserved{Post: mine, At: second(300), Decided: second(-60)})
		free := func(n int) bool {
			for _, other := range taken {
				if other-60 < n && n < other+60 {
					return false
				}
			}
			return true
		}
		from := rapid.IntRange(0, 600).Draw(t, "from")
		want := from
		for !free(want) {
			want++
		}
		require.Equal(t, second(want), a.NextFree(mine, second(from)))
		require.Equal(t, want == from, a.Free(mine, second(from)))
	})
}

func TestSlotsAreForgottenOnceTheyAreOfNoUse(t *testing.T) {
	t.Parallel()
	var a Account
	one, other := domain.PostID{15: 1}, domain.PostID{15: 2}
	a.Evolve(SlotReserved{Post: one, At: scenario.Now, Decided: scenario.Now})
	a.Evolve(SlotReserved{Post: other, At: scenario.Now.Add(Apart), Decided: scenario.Now.Add(Apart - time.Second)})
	require.Len(t, a.Slots, 2)
	a.Evolve(SlotReserved{Post: other, At: scenario.Now.Add(time.Hour), Decided: scenario.Now.Add(Apart)})
	require.Equal(t, map[domain.PostID]time.Time{other: scenario.Now.Add(time.Hour)}, a.Slots)
	a.Evolve(SlotReleased{Post: other})
	require.Empty(t, a.Slots)
}

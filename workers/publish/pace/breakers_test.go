package pace

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

// A host that does not answer is left alone, and whoever asks meanwhile takes
// nothing of the budgets: they are there when it is back.
func TestNothingIsSpentOnAHostThatIsAway(t *testing.T) {
	t.Parallel()
	const calls = 20
	p := New(nil, slog.New(slog.DiscardHandler), time.Now)
	budgets := []networks.Budget{{Scope: networks.ScopeClient, Calls: calls, Per: 24 * time.Hour}}
	subject := Subject{Network: "x", Account: "olivia", Call: Write}
	manyAsk := func() {
		t.Helper()
		for range 2 * calls {
			wait := p.Wait(t.Context(), subject, budgets)
			require.Positive(t, wait)
			require.LessOrEqual(t, wait, leave, "for as long as the host is left alone, not until there is a budget again")
		}
	}
	spent := 0
	for p.Open()["x"] == 0 {
		require.Zero(t, p.Wait(t.Context(), subject, budgets))
		p.Told(t.Context(), subject, &networks.Failure{Kind: networks.Unavailable})
		spent++
	}
	manyAsk()

	breaker := p.breakers.of(subject.host(), time.Now()) // the pause has passed, and somebody finds out
	breaker.HalfOpen()
	require.True(t, breaker.TryAcquirePermit())
	manyAsk()
	p.Told(t.Context(), subject, nil)
	for range calls - spent {
		require.Zero(t, p.Wait(t.Context(), subject, budgets))
		p.Told(t.Context(), subject, nil)
	}
	require.Greater(t, p.Wait(t.Context(), subject, budgets), leave, "that was all")
}

// A call that was not made is none of the latest calls, good or bad.
func TestWhatIsLeftOutCountsForNothing(t *testing.T) {
	t.Parallel()
	p := New(nil, slog.New(slog.DiscardHandler), time.Now)
	subject := Subject{Network: "x", Account: "olivia", Call: Write}
	for range failed - 1 {
		p.Told(t.Context(), subject, &networks.Failure{Kind: networks.Unavailable})
	}
	for range ofCall {
		p.Left(subject)
	}
	require.Zero(t, p.Open()["x"])
	p.Told(t.Context(), subject, &networks.Failure{Kind: networks.Unavailable})
	require.Equal(t, 1, p.Open()["x"])
}

// What is known of a host, who waits and what was spent is forgotten once it says
// nothing any more. The networks are told of all the same: none of their hosts is
// left alone.
func TestWhatNobodyAsksIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := New(nil, slog.New(slog.DiscardHandler), func() time.Time { return now })
	budgets := []networks.Budget{{Scope: networks.ScopeAccount, Calls: 2, Per: 10 * time.Minute}}
	ask := func(host string, failure *networks.Failure) {
		t.Helper()
		subject := Subject{Network: "x", Host: host, Account: "olivia", Call: Write}
		require.Zero(t, p.Wait(t.Context(), subject, budgets))
		p.Told(t.Context(), subject, failure)
	}
	hosts := func() (count int) {
		p.breakers.hosts.Range(func(any, any) bool { count++; return true })
		return count
	}
	ask("gone.example", &networks.Failure{Kind: networks.RateLimited, Scope: networks.ScopeAccount, RetryAfter: 30 * time.Minute})
	require.Equal(t, []int{1, 1, 1}, []int{hosts(), len(p.until), len(p.spent)})
	now = now.Add(29 * time.Minute)
	ask("other.example", nil)
	require.Equal(t, []int{2, 1, 1}, []int{hosts(), len(p.until), len(p.spent)}, "it still waits")
	now = now.Add(32 * time.Minute)
	ask("other.example", nil)
	require.Equal(t, []int{1, 0, 1}, []int{hosts(), len(p.until), len(p.spent)})
	require.Equal(t, map[string]int{"x": 0}, p.Open())
}

package pace_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
	"behalf/workers/publish/pace"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// clock is moved by the test.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at
}

func (c *clock) move(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(by)
}

// two are budgets of the same account: the shorter one comes first, the longer
// one binds later. Neither takes from the other.
var two = []networks.Budget{
	{Scope: networks.ScopeAccount, Calls: 2, Per: time.Hour},
	{Scope: networks.ScopeAccount, Calls: 3, Per: 24 * time.Hour},
}

func client(t *testing.T) *redis.Client {
	t.Helper()
	options, err := redisurl.Parse(testkit.Redis(t))
	require.NoError(t, err)
	opened := redis.NewClient(options)
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// take takes one call, and says whether it was there to be taken.
func take(t *testing.T, p *pace.Pace, account string, budgets []networks.Budget) bool {
	t.Helper()
	subject := pace.Subject{Network: "x", Account: account}
	wait := p.Wait(t.Context(), subject, budgets)
	if wait == 0 {
		p.Told(t.Context(), subject, nil)
	}
	return wait == 0
}

// Without Redis a process keeps to the whole budget by itself, each window on its own.
func TestBudgetAlone(t *testing.T) {
	t.Parallel()
	at := &clock{at: time.Now()}
	p := pace.New(nil, slog.New(slog.DiscardHandler), at.now)
	for _, step := range []struct {
		move  time.Duration
		taken bool
	}{{0, true}, {time.Minute, true}, {time.Minute, false}, {time.Hour, true}, {time.Minute, false}, {2 * time.Hour, false}, {24 * time.Hour, true}} {
		at.move(step.move)
		require.Equal(t, step.taken, take(t, p, "olivia", two), "%v", step)
	}
	require.True(t, take(t, p, "carl", two), "another account has its own")
}

// A client's budget is one for all accounts and all workers.
func TestBudgetShared(t *testing.T) {
	t.Parallel()
	opened := client(t)
	one, other := pace.New(opened, slog.New(slog.DiscardHandler), time.Now), pace.New(opened, slog.New(slog.DiscardHandler), time.Now)
	budgets := []networks.Budget{{Scope: networks.ScopeClient, Calls: 2, Per: time.Hour}}
	require.True(t, take(t, one, "olivia", budgets))
	require.True(t, take(t, other, "carl", budgets))
	require.False(t, take(t, one, "edith", budgets))
	require.False(t, take(t, other, "olivia", budgets))
}

// However long it is asked for: from any moment on, no window holds more than the budget.
func TestNoWindowHoldsMore(t *testing.T) {
	t.Parallel()
	const calls, per = 10, time.Second
	budgets := []networks.Budget{{Scope: networks.ScopeAccount, Calls: calls, Per: per}}
	type span struct{ from, to time.Time } // in which a call was taken
	check := func(t *testing.T, taken []span) {
		t.Helper()
		require.Greater(t, len(taken), 2*calls, "it goes on when there is room again")
		for i := calls; i < len(taken); i++ {
			require.GreaterOrEqual(t, taken[i].to.Sub(taken[i-calls].from), per, "%d calls in less than a window", calls+1)
		}
	}
	t.Run("shared", func(t *testing.T) {
		t.Parallel()
		opened := client(t)
		workers := []*pace.Pace{pace.New(opened, slog.New(slog.DiscardHandler), time.Now), pace.New(opened, slog.New(slog.DiscardHandler), time.Now)}
		var taken []span
		for n := 0; len(taken) <= 2*calls; n++ {
			from := time.Now()
			if take(t, workers[n%2], "olivia", budgets) {
				taken = append(taken, span{from, time.Now()})
			}
		}
		check(t, taken)
	})
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		at := &clock{at: time.Now()}
		p := pace.New(nil, slog.New(slog.DiscardHandler), at.now)
		var taken []span
		for range 350 { // eleven in the end of one window, and as many in the beginning of the next, is where it could go wrong
			if take(t, p, "olivia", budgets) {
				taken = append(taken, span{at.now(), at.now()})
			}
			at.move(per * 9 / 10 / calls)
		}
		check(t, taken)
	})
}

// Two budgets of one account do not share what they have taken.
func TestBudgetsApart(t *testing.T) {
	t.Parallel()
	p := pace.New(client(t), slog.New(slog.DiscardHandler), time.Now)
	wide := []networks.Budget{{Scope: networks.ScopeAccount, Calls: 2, Per: time.Hour}, {Scope: networks.ScopeAccount, Calls: 2, Per: 24 * time.Hour}}
	require.True(t, take(t, p, "olivia", wide))
	require.True(t, take(t, p, "olivia", wide))
	require.False(t, take(t, p, "olivia", wide))
}

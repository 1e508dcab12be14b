package group

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second // for what is expected to happen

// calls is a Run whose calls a test looks at and lets go one by one.
type calls struct {
	begun chan call
	group *Group[string, string, string]
}

type call struct {
	jobs []string
	ctx  context.Context //nolint:containedctx // the test looks at it
	end  chan struct{}
}

func open(t *testing.T, change func(*Config[string, string])) calls {
	t.Helper()
	c := calls{begun: make(chan call)}
	config := Config[string, string]{
		Calls: 1, Cost: 100, Timeout: patience, Grace: patience, Patience: patience, Stuck: 2,
		Run: func(ctx context.Context, jobs []string) []string {
			one := call{jobs, ctx, make(chan struct{})}
			c.begun <- one
			<-one.end
			results := make([]string, len(jobs))
			for i, job := range jobs {
				results[i] = job + " done"
			}
			return results
		},
	}
	if change != nil {
		change(&config)
	}
	c.group = New[string](config)
	return c
}

type reply struct {
	result string
	err    error
}

// ask has a job queued before it returns.
func (c calls) ask(ctx context.Context, job string, uses ...Use[string]) <-chan reply {
	replies := make(chan reply, 1)
	before := c.group.arrived()
	go func() {
		result, err := c.group.Do(ctx, job, 1, uses)
		replies <- reply{result, err}
	}()
	for c.group.arrived() == before {
		time.Sleep(time.Millisecond) // nothing tells that a job is queued, and a group that spins is out of a bubble's reach
	}
	return replies
}

// arrived counts the jobs that are waiting or under way.
func (g *Group[K, J, R]) arrived() int {
	waiting, underWay := g.Jobs()
	return waiting + underWay
}

func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.Fail(t, "it did not happen")
		panic("unreachable")
	}
}

func writes(key string) Use[string] { return Use[string]{key, true} }
func reads(key string) Use[string]  { return Use[string]{key, false} }

func TestWhatGathersSharesACall(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	a := c.ask(t.Context(), "a", writes("x"))
	first := next(t, c.begun)
	require.Equal(t, []string{"a"}, first.jobs)
	b, d, e := c.ask(t.Context(), "b", writes("y"), reads("w")), c.ask(t.Context(), "d", writes("z"), reads("w")), c.ask(t.Context(), "e")
	close(first.end)
	second := next(t, c.begun)
	require.Equal(t, []string{"b", "d", "e"}, second.jobs)
	close(second.end)
	for job, replies := range map[string]<-chan reply{"a": a, "b": b, "d": d, "e": e} {
		require.Equal(t, reply{job + " done", nil}, next(t, replies))
	}
}

// On one key nobody is overtaken, by those neither who come later nor who only read.
func TestWhatCollidesKeepsItsOrder(t *testing.T) {
	t.Parallel()
	c := open(t, func(config *Config[string, string]) { config.Calls = 2 })
	c.ask(t.Context(), "read 1", reads("x"))
	first := next(t, c.begun)
	c.ask(t.Context(), "write", writes("x"), writes("y"))
	c.ask(t.Context(), "read 2", reads("x"))
	c.ask(t.Context(), "behind write", reads("y"))
	free := c.ask(t.Context(), "free", writes("z"))
	second := next(t, c.begun)
	require.Equal(t, []string{"free"}, second.jobs, "the others wait")
	close(second.end)
	next(t, free)
	close(first.end)
	third := next(t, c.begun)
	require.Equal(t, []string{"write"}, third.jobs)
	close(third.end)
	fourth := next(t, c.begun)
	require.Equal(t, []string{"read 2", "behind write"}, fourth.jobs)
	close(fourth.end)
	require.NoError(t, c.group.Close(t.Context()))
	require.Empty(t, c.group.held)
}

// A second call begins beside the first when it is as large, and large enough.
func TestASecondCall(t *testing.T) {
	t.Parallel()
	c := open(t, func(config *Config[string, string]) { config.Calls, config.Second = 2, 2 })
	c.ask(t.Context(), "a")
	first := next(t, c.begun)
	c.ask(t.Context(), "b")
	select {
	case second := <-c.begun:
		require.Fail(t, "too small a call", "%v", second.jobs)
	default:
	}
	c.ask(t.Context(), "d")
	second := next(t, c.begun)
	require.Equal(t, []string{"b", "d"}, second.jobs)
	close(first.end)
	close(second.end)
	require.NoError(t, c.group.Close(t.Context()))
}

// A call that takes long holds nobody up but those who collide with it; so
// many at most, for each has a connection.
func TestAStuckCallHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	c := open(t, func(config *Config[string, string]) { config.Patience = time.Millisecond })
	c.ask(t.Context(), "a", writes("x"))
	first := next(t, c.begun)
	c.ask(t.Context(), "collides", writes("x"))
	c.ask(t.Context(), "free", writes("y"))
	second := next(t, c.begun)
	require.Equal(t, []string{"free"}, second.jobs)
	require.Eventually(t, func() bool {
		c.group.mutex.Lock()
		defer c.group.mutex.Unlock()
		return c.group.stuck == 2
	}, patience, time.Millisecond)
	c.ask(t.Context(), "one too many")
	close(second.end)
	third := next(t, c.begun)
	require.Equal(t, []string{"one too many"}, third.jobs)
	close(third.end)
	close(first.end)
	fourth := next(t, c.begun)
	require.Equal(t, []string{"collides"}, fourth.jobs)
	close(fourth.end)
	require.NoError(t, c.group.Close(t.Context()))
	require.Zero(t, c.group.stuck)
}

func TestACallCostsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	c := open(t, func(config *Config[string, string]) { config.Cost = 2 })
	c.ask(t.Context(), "a")
	first := next(t, c.begun)
	for _, job := range []string{"b", "d", "e"} {
		c.ask(t.Context(), job)
	}
	close(first.end)
	for _, jobs := range [][]string{{"b", "d"}, {"e"}} {
		one := next(t, c.begun)
		require.Equal(t, jobs, one.jobs)
		close(one.end)
	}
	require.NoError(t, c.group.Close(t.Context()))
}

// Many callers at once: each gets its own answer, what collides is never under
// way together, and nothing is left behind.
func TestManyCallers(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	busy := map[int]bool{}
	g := New[int](Config[int, int]{Calls: 2, Cost: 10, Timeout: patience, Grace: patience, Patience: time.Microsecond, Stuck: 3, Run: func(_ context.Context, jobs []int) []int {
		mutex.Lock()
		for _, job := range jobs {
			if busy[job%7] {
				t.Errorf("%d is written twice at once", job%7)
			}
			busy[job%7] = true
		}
		mutex.Unlock()
		results := make([]int, len(jobs))
		for i, job := range jobs {
			results[i] = -job
		}
		mutex.Lock()
		for _, job := range jobs {
			delete(busy, job%7)
		}
		mutex.Unlock()
		return results
	}})
	var work sync.WaitGroup
	for caller := range 40 {
		work.Go(func() {
			for i := range 50 {
				job := caller*50 + i + 1
				result, err := g.Do(t.Context(), job, 1, []Use[int]{{job % 7, true}})
				if err != nil || result != -job {
					t.Errorf("%d: %d, %v", job, result, err)
				}
			}
		})
	}
	work.Wait()
	require.NoError(t, g.Close(t.Context()))
	require.Empty(t, g.held)
	require.Empty(t, g.queue)
}

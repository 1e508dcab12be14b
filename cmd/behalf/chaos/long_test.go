//go:build chaos

package chaos_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/stretchr/testify/require"

	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
)

// TestChaos plays the whole matrix and prints how each cell ended. The rounds of
// one step share a site; the steps are played beside each other.
func TestChaos(t *testing.T) {
	report := &ledger{}
	t.Cleanup(func() { report.print(t) })
	for _, step := range steps() {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			ctx, c := openChaos(t, time.Hour)
			for _, r := range rounds() {
				if r.step == step && !t.Failed() {
					c.round(ctx, t, r, report)
				}
			}
			c.recount(ctx, t)
		})
	}
}

func (c *chaos) round(ctx context.Context, t *testing.T, r round, report *ledger) {
	t.Helper()
	cells := c.lay(ctx, t, sandbox.Classes(), answers())
	c.play(ctx, t, r, cells)
	for _, one := range cells {
		if problem := one.problem(); problem != "" {
			t.Errorf("%s, %s, %s: %s (%s, %d posts)\n%s", r, sandbox.NameOf(one.class), one.answer, problem, one.state, one.posts,
				c.history(ctx, t, one.post))
		}
	}
	report.add(r, cells)
}

// history is all that the log says of a post, for whoever has to find out what
// went wrong.
func (c *chaos) history(ctx context.Context, t *testing.T, post string) (lines string) {
	t.Helper()
	require.NoError(t, c.Database.QueryRow(ctx, `
		select string_agg(format('%s %s %s', recorded_at, type, log.readable(data)), e'\n' order by version)
		from log.events
		where stream = $1`, streamOf(post)).Scan(&lines))
	return lines
}

// ledger is the table of how the rounds ended.
type ledger struct {
	mutex sync.Mutex
	rows  []table.Row
}

func (r *ledger) add(played round, cells []*cell) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	ended := map[string]int{}
	wrong := 0
	for _, one := range cells {
		ended[one.state]++
		if one.problem() != "" {
			wrong++
		}
	}
	r.rows = append(r.rows, table.Row{played.step, played.stop, played.outage, len(cells), ended["published"], ended["unknown"], wrong})
}

func (r *ledger) print(t *testing.T) {
	t.Helper()
	writer := table.NewWriter()
	writer.AppendHeader(table.Row{"worker at", "stopped by", "outage", "targets", "published once", "unknown", "wrong"})
	writer.AppendRows(r.rows)
	_, _ = fmt.Fprintln(os.Stdout, writer.Render())
}

func steps() []step { return []step{whenClaimed, whenReady, whenSent, whenAnswered, whenStored} }

// rounds are the whole matrix.
func rounds() (all []round) {
	for _, step := range steps() {
		for _, stop := range []stop{killed, frozen} {
			for _, outage := range []outage{none, redisFlushed, redisDown, postgresBegun, postgresKilled} {
				all = append(all, round{step, stop, outage})
			}
		}
	}
	return all
}

// answers are what the network does with the first request for a target; the
// empty one is that all is well.
func answers() []control.Kind {
	return []control.Kind{
		"", control.FailBefore, control.FailAfter, control.HangAfter, control.ResetAfter, control.RateLimited, control.Unauthorized,
	}
}

// recount counts again what every target of all rounds came to: jobs that were
// lost with Redis and came back with it must not have repeated anything.
func (c *chaos) recount(ctx context.Context, t *testing.T) {
	t.Helper()
	before := map[*cell]int{}
	for _, one := range c.laid {
		before[one] = one.posts
	}
	c.count(ctx, t, c.laid)
	for _, one := range c.laid {
		require.Equal(t, before[one], one.posts, "%s: posted again later", one.page)
	}
}

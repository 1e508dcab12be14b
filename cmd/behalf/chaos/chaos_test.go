// Package chaos_test plays the fault matrix: a worker is killed or frozen at
// every step, while Redis and Postgres come and go.
package chaos_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
)

// A corner of the fault matrix; `make chaos` plays all of it.
func TestALittleChaos(t *testing.T) {
	t.Parallel()
	ctx, c := openChaos(t, 2*time.Minute)
	cells := c.lay(ctx, t, sandbox.Classes(), []control.Kind{"", control.ResetAfter})
	c.play(ctx, t, round{whenSent, killed, redisFlushed}, cells)
	for _, one := range cells {
		require.Empty(t, one.problem(), "%s, %s: %s, %d posts", sandbox.NameOf(one.class), one.answer, one.state, one.posts)
	}
}

// TestWorkerKilledWhilePreparing: the draft is being made, and whoever makes it
// dies with the right to do so. The next one does not wait for longer than an
// attempt may take.
func TestWorkerKilledWhilePreparing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	t.Cleanup(cancel)
	c := &chaos{gate: newGate(), Site: sitetest.OpenWith(ctx, t, map[string]string{
		"BEHALF_NETWORKS": sandbox.NameOf(sandbox.TwoPhase),
	}, dev.Options{WithoutWorkers: true})}
	cells := c.lay(ctx, t, []sandbox.Class{sandbox.TwoPhase}, []control.Kind{""})
	require.NoError(t, c.Sandbox.Arm(ctx, control.Fault{Call: control.Drafting, Kind: control.HangAfter, Times: 1}))
	c.schedule(ctx, t, cells[0], time.Now().Add(5*time.Second))
	first := c.worker(t)
	require.Eventually(t, func() bool {
		armed, err := c.Sandbox.Faults(ctx)
		return err == nil && len(armed) == 0
	}, sitetest.TestTime, 5*time.Millisecond, "no draft is made")
	first.End(syscall.SIGKILL)

	c.worker(t)
	c.settled(ctx, t, cells)
	c.count(ctx, t, cells)
	require.Empty(t, cells[0].problem())
	require.Equal(t, "published", cells[0].state)
}

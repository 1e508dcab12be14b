//go:build chaos

package crowd_test

import (
	"context"
	"testing"
	"time"
)

// TestChaosInACrowd: three workers, 2,000 targets on as many accounts, and a
// worker killed every ten seconds.
func TestChaosInACrowd(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	t.Cleanup(cancel)
	crowded(ctx, t, openCrowd(ctx, t, 2_000, 10), time.Minute, 10*time.Second)
}

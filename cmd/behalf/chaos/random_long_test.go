//go:build chaos

package chaos_test

import (
	"cmp"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sitesAtOnce play by chance beside each other.
const sitesAtOnce = 3

var atLarge = scale{targets: 24, troubles: 5, lasts: 16 * time.Second, trouble: 9 * time.Second} // more than a claim lives

// TestRandomChaos lets workers run into what chance brings, for ten minutes or
// as long as BEHALF_CHAOS says: any of them is killed or frozen at any moment,
// Redis and Postgres come and go, and the network answers whatever it likes, to
// what it is asked as well. BEHALF_CHAOS_SEED draws the same again.
func TestRandomChaos(t *testing.T) {
	length, err := time.ParseDuration(cmp.Or(os.Getenv("BEHALF_CHAOS"), "10m"))
	require.NoError(t, err)
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("BEHALF_CHAOS_SEED"), strconv.FormatInt(time.Now().UnixNano(), 10)), 10, 64)
	require.NoError(t, err)
	t.Logf("BEHALF_CHAOS_SEED=%d", seed)
	report := &ledger{}
	t.Cleanup(func() { report.print(t) })
	for number := range sitesAtOnce {
		t.Run(strconv.Itoa(number), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(number)))
			ctx, c := openChaos(t, length+10*time.Minute)
			for end := time.Now().Add(length); time.Now().Before(end) && !t.Failed(); {
				drawn := anyStorm(random, atLarge)
				report.add(round{step: "anywhere", stop: stop(drawn.words()), outage: "among them"}, c.brew(ctx, t, drawn))
			}
			c.recount(ctx, t)
		})
	}
}

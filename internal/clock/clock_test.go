package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/clock"
)

// The process's clock is five seconds wrong; the database's is what counts.
func TestTheDatabasesTimeCounts(t *testing.T) {
	t.Parallel()
	for _, wrong := range []time.Duration{-5 * time.Second, 0, 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			const onTheWay = 30 * time.Millisecond
			c := clock.New(func() time.Time { return time.Now().Add(wrong) }, func(context.Context) (time.Time, error) {
				time.Sleep(onTheWay)
				defer time.Sleep(onTheWay)
				return time.Now(), nil
			})
			require.NoError(t, c.Sync(t.Context()))
			for range 3 {
				require.Equal(t, onTheWay, time.Since(c.Earliest()), "never ahead")
				require.Equal(t, onTheWay, time.Until(c.Latest()), "never behind")
				moment := time.Now().Add(time.Second)
				require.Equal(t, moment.Add(wrong-onTheWay).Round(0), c.Here(moment).Round(0))
				time.Sleep(3 * time.Second)
			}
		})
	}
}

// What was heard long ago is heard again, and whoever needs it fails without.
func TestAStaleReadingIsNoReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		away, asked := false, 0
		c := clock.New(time.Now, func(context.Context) (time.Time, error) {
			asked++
			if away {
				return time.Time{}, errors.New("away")
			}
			return time.Now(), nil
		})
		require.NoError(t, c.Sync(t.Context()))
		require.NoError(t, c.Sync(t.Context()))
		require.Equal(t, 1, asked)
		away = true
		time.Sleep(11 * time.Second)
		require.Error(t, c.Sync(t.Context()))
	})
}

// Of the readings of a while the most exact one counts.
func TestTheMostExactReadingCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(time.Now, nil)
		now := time.Now()
		c.Observe(now.Add(-time.Millisecond), now, now)
		c.Observe(now.Add(-time.Second), now.Add(-time.Second), now)
		require.True(t, now.Equal(c.Earliest()))
	})
}

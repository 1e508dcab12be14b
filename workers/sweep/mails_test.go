package sweep

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// However many there are, and however many of them began at once, all are seen.
func TestAllPages(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	moments := make([]time.Time, 5*most/2)
	for i := range moments {
		moments[i] = start.Add(time.Duration(1+i/7) * time.Microsecond) // seven at once, across pages too
	}
	list := func(_ context.Context, since time.Time, limit int) (page []int, err error) {
		for i, moment := range moments {
			if moment.After(since) && len(page) < limit {
				page = append(page, i)
			}
		}
		return page, nil
	}
	found, err := all(t.Context(), start, list, func(i int) time.Time { return moments[i] })
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, i := range found {
		seen[i] = true
	}
	require.Len(t, seen, len(moments))
}

package sight

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/workers/publish/lanes"
)

// However many accounts a worker comes across, it remembers so many and no more:
// whoever comes last among them.
func TestPlacesHaveABound(t *testing.T) {
	t.Parallel()
	var p places
	for range 2*remembered + 1 {
		on := domain.AccountID(uuid.New())
		p.keep(on, lanes.Where{Network: "mastodon", Host: on.String()})
		require.LessOrEqual(t, len(p.known), remembered)
		found, known := p.of(on)
		require.True(t, known)
		require.Equal(t, on.String(), found.Host)
	}
	require.Len(t, p.known, 1)
}

// Forget makes a reader one that remembers no places any more.
func (r *Reader) Forget() { clear(r.places.known) }

package process

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/internal/testkit"
)

// An API on a host whose clock is an hour ahead decides by the time that
// everybody shares.
func TestTheAPIGoesByTheDatabasesClock(t *testing.T) {
	t.Parallel()
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(t, err)
	store := eventstore.New(testkit.Postgres(t), registry, eventstore.Options{})
	ahead := func() time.Time { return time.Now().Add(time.Hour) }
	require.WithinDuration(t, time.Now(), sharedClock(t.Context(), store, ahead).Now(), time.Minute)
}

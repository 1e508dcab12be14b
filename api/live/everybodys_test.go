package live

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/catalog"
)

// A type that is misspelt would be told to nobody.
func TestEverybodysEventsExist(t *testing.T) {
	t.Parallel()
	var known []string
	for _, aggregate := range catalog.Aggregates() {
		for _, event := range aggregate.Events {
			known = append(known, event.Name)
		}
	}
	for _, name := range append(everybodys, nobodys...) {
		require.True(t, slices.Contains(known, name), name)
	}
}

package proofs

import (
	"testing"

	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
)

// The store keeps its promises, whether it remembers states or not.
func TestConformance(t *testing.T) {
	t.Parallel()
	for name, cache := range map[string]int{"with a cache": 0, "with next to none": 700, "without a cache": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Conformance(t, func(t *testing.T, registry *codec.Registry) conformance.Log {
				return eventstore.New(open(t).api, registry, eventstore.Options{Cache: cache})
			})
		})
	}
}

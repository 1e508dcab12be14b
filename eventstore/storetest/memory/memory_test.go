package memory_test

import (
	"testing"

	"behalf/eventstore/codec"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
	"behalf/eventstore/storetest/memory"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Conformance(t, func(_ *testing.T, registry *codec.Registry) conformance.Log {
		return memory.New(registry)
	})
}

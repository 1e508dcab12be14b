package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/eventstore/codec"
	"behalf/eventstore/storetest"
)

// Every version of every event that was ever written reads back for ever.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	registry, err := codec.NewRegistry(Aggregates()...)
	require.NoError(t, err)
	storetest.Golden(t, registry, "testdata")
}

// What decodes encodes, and to the same bytes for ever after.
func FuzzDecodeEvent(f *testing.F) {
	registry, err := codec.NewRegistry(Aggregates()...)
	require.NoError(f, err)
	types := registry.Types()
	for i := range types {
		f.Add(i, []byte(`{}`))
		f.Add(i, []byte(`{"account":"acc_03000000000000000000000000000001","at":"2026-11-22T12:00:00+01:00","rules":["R42"]}`))
		f.Add(i, []byte(`{"gates":{"acc_03000000000000000000000000000001":["team"]},"targets":[null],"text":"<\u2028\ud800"}`))
		f.Add(i, []byte(`{"person":"ws_03000000000000000000000000000001"}`))
	}
	f.Fuzz(func(t *testing.T, at int, data []byte) {
		if at < 0 || at >= len(types) {
			return
		}
		event, err := registry.Decode(types[at], data)
		if err != nil {
			return
		}
		require.Equal(t, types[at], event.EventType())
		written, err := codec.Encode(event)
		require.NoError(t, err)
		again, err := registry.Decode(types[at], written)
		require.NoError(t, err)
		rewritten, err := codec.Encode(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))
	})
}

package tree

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"behalf/domain"
)

func drawn(t *rapid.T) Event {
	id := rapid.Custom(func(t *rapid.T) [16]byte { return [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	content := rapid.SliceOf(rapid.Byte())
	return Event{
		Position:   rapid.Int64Range(1, 1<<62).Draw(t, "position"),
		Workspace:  id.Draw(t, "workspace"),
		Stream:     rapid.String().Draw(t, "stream"),
		Version:    rapid.Int32Range(1, 1<<30).Draw(t, "version"),
		ID:         id.Draw(t, "event"),
		Type:       rapid.String().Draw(t, "type"),
		Data:       append(Bytes{}, content.Draw(t, "data")...),
		Metadata:   append(Bytes{}, content.Draw(t, "metadata")...),
		RecordedAt: time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "at")).UTC(),
	}
}

func TestEventsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		event := drawn(t)
		decoded, err := Decode(event.Encode())
		require.NoError(t, err)
		require.Equal(t, event, decoded)

		written, err := json.Marshal(event)
		require.NoError(t, err)
		var read Event
		require.NoError(t, json.Unmarshal(written, &read))
		require.Equal(t, event.Leaf(), read.Leaf())
	})
}

// Two events have one leaf only if every column is the same.
func TestLeavesDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t), drawn(t)
		require.Equal(t, bytes.Equal(a.Encode(), b.Encode()), a.Leaf() == b.Leaf())
		moved := a
		moved.Type, moved.Data = a.Type+string(a.Data), Bytes{}
		if len(a.Data) > 0 {
			require.NotEqual(t, a.Leaf(), moved.Leaf(), "lengths are part of the leaf")
		}
	})
}

// The encoding never changes: old checkpoints are of it.
func TestTheEncodingIsFrozen(t *testing.T) {
	t.Parallel()
	event := Event{
		Position: 7, Stream: "user-01", Version: 2, ID: domain.EventID{15: 9}, Type: "t", Data: Bytes(`{}`), Metadata: Bytes(`m`),
		RecordedAt: time.Date(2026, time.November, 22, 12, 0, 0, 1000, time.UTC),
	}
	require.Equal(t, "0009"+
		"00000008"+"0000000000000007"+
		"ffffffff"+
		"00000007"+hex.EncodeToString([]byte("user-01"))+
		"00000004"+"00000002"+
		"00000010"+"00000000000000000000000000000009"+
		"00000001"+"74"+
		"00000002"+"7b7d"+
		"00000001"+"6d"+
		"00000008"+"000303dafc40f001", hex.EncodeToString(event.Encode()))
	require.Equal(t, tlog.RecordHash(event.Encode()), event.Leaf())
}

func FuzzDecode(f *testing.F) {
	f.Add(Event{Stream: "s", Type: "t", RecordedAt: epoch}.Encode())
	f.Add([]byte{0, 9})
	f.Fuzz(func(t *testing.T, encoded []byte) {
		event, err := Decode(encoded)
		if err == nil && !event.Workspace.IsZero() {
			require.Equal(t, encoded, event.Encode())
		}
	})
}

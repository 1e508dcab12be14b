package tree

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// copied is a binary COPY of events.
func copied(events []Event) []byte {
	stream := append([]byte(signature), make([]byte, 8)...)
	for _, event := range events {
		stream = append(stream, event.Encode()...)
	}
	return binary.BigEndian.AppendUint16(stream, endOfRows)
}

// hashed sends bytes through a line in pieces of these sizes.
func hashed(stream []byte, sizes func() int) (leaves []Leaf, err error) {
	line := newLine(context.Background())
	read := make(chan error, 1)
	go func() {
		defer line.finish()
		for rest := stream; len(rest) > 0; {
			size := min(max(1, sizes()), len(rest))
			if _, err := line.Write(rest[:size]); err != nil {
				read <- err
				return
			}
			rest = rest[size:]
		}
		read <- line.flush()
	}()
	for some := range line.leaves() {
		leaves = append(leaves, some...)
	}
	line.drain()
	return leaves, <-read
}

// However the network cuts the rows, the leaves are those of the events.
func TestRowsMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := make([]Event, rapid.IntRange(0, 600).Draw(t, "events"))
		one := drawn(t)
		for i := range events {
			events[i] = one
			events[i].Position = int64(i + 1)
		}
		size := rapid.IntRange(1, 4000)
		leaves, err := hashed(copied(events), func() int { return size.Draw(t, "size") })
		require.NoError(t, err)
		require.Len(t, leaves, len(events))
		for i, leaf := range leaves {
			require.Equal(t, Leaf{Position: int64(i + 1), Hash: tlog.RecordHash(events[i].Encode())}, leaf)
		}
	})
}

func TestLargeRows(t *testing.T) {
	t.Parallel()
	large := Event{Position: 1, Data: make(Bytes, 3*blockBytes), RecordedAt: epoch}
	leaves, err := hashed(copied([]Event{large, large}), func() int { return 1 << 16 })
	require.NoError(t, err)
	require.Equal(t, []Leaf{{1, large.Leaf()}, {1, large.Leaf()}}, leaves)
}

func TestBrokenRows(t *testing.T) {
	t.Parallel()
	whole := copied([]Event{{Position: 1, RecordedAt: epoch}})
	for name, stream := range map[string][]byte{
		"too short":    whole[:len(whole)-2],
		"half a row":   whole[:headerSize+20],
		"another form": []byte("no binary copy at all, but long enough"),
		"more columns": append(append([]byte{}, whole[:headerSize]...), 0, 10, 0, 0),
	} {
		_, err := hashed(stream, func() int { return 7 })
		require.ErrorIs(t, err, errCopyFormat, name)
	}
}

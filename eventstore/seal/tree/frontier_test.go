package tree

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func leafOf(n int) tlog.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

// stored is a tree as tlog itself keeps it.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = s[index]
	}
	return found, nil
}

func grown(t require.TestingT, size int) stored {
	var s stored
	for n := range size {
		added, err := tlog.StoredHashesForRecordHash(int64(n), leafOf(n), s)
		require.NoError(t, err)
		s = append(s, added...)
	}
	return s
}

func TestFrontierIsTheTree(t *testing.T) {
	t.Parallel()
	const most = 1100 // more than four tiles
	reference := grown(t, most)
	var f Frontier
	levels := map[int][]tlog.Hash{}
	for n := range most + 1 {
		expected, err := tlog.TreeHash(int64(n), reference)
		require.NoError(t, err)
		require.Equal(t, expected, f.Root(), "%d leaves", n)
		require.EqualValues(t, n, f.Size())
		loaded, err := LoadFrontier(int64(n), reference)
		require.NoError(t, err)
		require.Equal(t, expected, loaded.Root(), "loaded at %d", n)
		if n < most {
			f.Add(leafOf(n), func(level int, hash tlog.Hash) { levels[level] = append(levels[level], hash) })
		}
	}
	for level, hashes := range levels {
		for n, hash := range hashes {
			require.Equal(t, reference[tlog.StoredHashIndex(level*TileHeight, int64(n))], hash, "hash %d of level %d", n, level)
		}
	}
	require.Len(t, levels[0], most)
	require.Len(t, levels[1], most/256)
}

// A loaded edge grows like the one that it was stored from.
func TestLoadedFrontiersGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size, more := rapid.IntRange(0, 300).Draw(t, "size"), rapid.IntRange(0, 300).Draw(t, "more")
		loaded, err := LoadFrontier(int64(size), grown(t, size))
		require.NoError(t, err)
		for n := range more {
			loaded.Add(leafOf(size+n), nil)
		}
		expected, err := tlog.TreeHash(int64(size+more), grown(t, size+more))
		require.NoError(t, err)
		require.Equal(t, expected, loaded.Root())
	})
}

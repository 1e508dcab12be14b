package tree

import (
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is how many levels of the tree a tile spans: 256 hashes each.
const TileHeight = 8

// Frontier is the right edge of a tree: what is needed to let it grow and to
// know its root, at most one hash per level. The zero Frontier is the empty
// tree. Copies are independent.
type Frontier struct {
	size  int64
	edges [63]tlog.Hash // at level n: the complete subtree of 2ⁿ leaves, where size has bit n
}

// Size is how many leaves the tree has.
func (f *Frontier) Size() int64 { return f.size }

// Add appends a leaf. Every hash that this completes at a level that tiles
// hold, 0, 8, 16 and so on, is handed to complete, from the leaf upwards;
// complete may be nil.
func (f *Frontier) Add(leaf tlog.Hash, complete func(level int, hash tlog.Hash)) {
	hash := leaf
	level := 0
	for {
		if complete != nil && level%TileHeight == 0 {
			complete(level/TileHeight, hash)
		}
		if f.size>>level&1 == 0 {
			break
		}
		hash = node(f.edges[level], hash)
		level++
	}
	f.edges[level] = hash
	f.size++
}

// emptyRoot is the root of a tree without leaves (RFC 6962, section 2.1).
var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// Root is the tree's root.
func (f *Frontier) Root() tlog.Hash {
	if f.size == 0 {
		return emptyRoot
	}
	lowest := bits.TrailingZeros64(uint64(f.size)) //nolint:gosec // G115: sizes are not negative
	root := f.edges[lowest]
	for level := lowest + 1; f.size>>level > 0; level++ {
		if f.size>>level&1 == 1 {
			root = node(f.edges[level], root)
		}
	}
	return root
}

// LoadFrontier reads the right edge of a tree of this size.
func LoadFrontier(size int64, hashes tlog.HashReader) (Frontier, error) {
	f := Frontier{size: size}
	var indexes []int64
	var levels []int
	for level := range f.edges {
		if size>>level&1 == 1 {
			// the subtree is the last complete one of its level
			indexes = append(indexes, tlog.StoredHashIndex(level, size>>level-1))
			levels = append(levels, level)
		}
	}
	if len(indexes) == 0 {
		return f, nil
	}
	found, err := hashes.ReadHashes(indexes)
	if err != nil {
		return Frontier{}, err
	}
	for i, level := range levels {
		f.edges[level] = found[i]
	}
	return f, nil
}

// node is the hash of an inner node, without the allocations of tlog.NodeHash.
func node(left, right tlog.Hash) tlog.Hash {
	var content [1 + 2*tlog.HashSize]byte
	content[0] = 0x01
	copy(content[1:], left[:])
	copy(content[1+tlog.HashSize:], right[:])
	return sha256.Sum256(content[:])
}

package seal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal/tree"
)

// cachedTiles is how many tiles a reader of hashes keeps, at most 8 KB each.
const cachedTiles = 2048

// tileKey names a tile of any width.
type tileKey struct {
	level int
	tile  int64
}

// hashReader reads the tree's hashes from the stored tiles and keeps the tiles
// that it has read. It is for one goroutine.
type hashReader struct {
	ctx   context.Context // that of one reading: tlog's interface has no place for it
	db    Querier
	tiles map[tileKey][]byte
}

// Hashes reads the stored tree for tlog's proofs, while ctx lasts. What it
// returns has to be checked against a root. It is for one goroutine.
func (l Log) Hashes(ctx context.Context) tlog.HashReader {
	return &hashReader{ctx: ctx, db: l.db, tiles: map[tileKey][]byte{}}
}

// ReadHashes implements tlog.HashReader.
func (r *hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	if len(r.tiles) > cachedTiles {
		clear(r.tiles)
	}
	var missing []tileKey
	for _, index := range indexes {
		tile := tlog.TileForIndex(tree.TileHeight, index)
		key := tileKey{tile.L, tile.N}
		if _, known := r.tiles[key]; !known {
			r.tiles[key] = nil
			missing = append(missing, key)
		}
	}
	if err := r.fetch(missing); err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		tile := tlog.TileForIndex(tree.TileHeight, index)
		data := r.tiles[tileKey{tile.L, tile.N}]
		width := tile.W * tlog.HashSize
		if len(data) < width {
			return nil, fmt.Errorf("%w: tile %d of level %d has %d hashes of %d", ErrBroken, tile.N, tile.L, len(data)/tlog.HashSize, tile.W)
		}
		var err error
		if hashes[i], err = tlog.HashFromTile(tile, data[:width], index); err != nil {
			return nil, fmt.Errorf("read tile %d of level %d: %w", tile.N, tile.L, err)
		}
	}
	return hashes, nil
}

const sqlTiles = `
select
	t.level::int,
	t.tile,
	string_agg(t.hashes, ''::bytea order by t.start)
from unnest($1::int[], $2::bigint[]) as wanted (level, tile)
join seal.tiles as t on t.level = wanted.level and t.tile = wanted.tile
group by t.level, t.tile`

func (r *hashReader) fetch(missing []tileKey) error {
	if len(missing) == 0 {
		return nil
	}
	levels, tiles := make([]int, len(missing)), make([]int64, len(missing))
	for i, key := range missing {
		levels[i], tiles[i] = key.level, key.tile
	}
	rows, err := r.db.Query(r.ctx, sqlTiles, levels, tiles)
	if err != nil {
		return fmt.Errorf("read tiles: %w", err)
	}
	var key tileKey
	var hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&key.level, &key.tile, &hashes}, func() error {
		r.tiles[key] = append([]byte{}, hashes...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read tiles: %w", err)
	}
	return nil
}

// pieces collects what one step adds to tiles, in rows of seal.tiles.
type pieces struct {
	open  map[int]int // by level: which row is being filled
	level []int
	tile  []int64
	start []int
	hash  [][]byte
}

// add takes the index-th hash of a level of tiles.
func (p *pieces) add(level int, index int64, hash tlog.Hash) {
	const width = 1 << tree.TileHeight
	row, open := p.open[level]
	if !open || index%width == 0 {
		row = len(p.level)
		p.open[level] = row
		p.level = append(p.level, level)
		p.tile = append(p.tile, index/width)
		p.start = append(p.start, int(index%width))
		p.hash = append(p.hash, nil)
	}
	p.hash[row] = append(p.hash[row], hash[:]...)
}

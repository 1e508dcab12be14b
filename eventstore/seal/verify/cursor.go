package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal"
	"behalf/eventstore/seal/tree"
)

// pageTiles is how many pieces of tiles one round trip fetches.
const pageTiles = 512

// tileWidth is how many hashes a tile has.
const tileWidth = 1 << tree.TileHeight

const sqlPieces = `
select
	tile,
	start,
	hashes
from seal.tiles
where level = $1
	and (tile, start) >= ($2, $3)
order by tile, start
limit $4`

// tiles reads one level of the stored tree in order.
type tiles struct {
	db    seal.Querier
	level int
	next  int64 // index of the first hash in rest
	rest  []byte
	ended bool
}

// at returns the stored hash at index, or false where there is none. Indexes
// only grow from call to call.
func (t *tiles) at(ctx context.Context, index int64) (tlog.Hash, bool, error) {
	for !t.ended && index >= t.next+int64(len(t.rest)/tlog.HashSize) {
		t.next += int64(len(t.rest) / tlog.HashSize)
		t.rest = nil
		if err := t.fetch(ctx, index); err != nil {
			return tlog.Hash{}, false, err
		}
	}
	offset := (index - t.next) * tlog.HashSize
	if offset < 0 || offset+tlog.HashSize > int64(len(t.rest)) {
		return tlog.Hash{}, false, nil
	}
	return tlog.Hash(t.rest[offset : offset+tlog.HashSize]), true, nil
}

// fetch reads on from where it is, until the first piece that does not fit.
func (t *tiles) fetch(ctx context.Context, index int64) error {
	rows, err := t.db.Query(ctx, sqlPieces, t.level, t.next/tileWidth, t.next%tileWidth, pageTiles)
	if err != nil {
		return fmt.Errorf("read tiles: %w", err)
	}
	var tile, start int64
	var hashes []byte
	torn := false
	_, err = pgx.ForEachRow(rows, []any{&tile, &start, (*pgtype.DriverBytes)(&hashes)}, func() error {
		torn = torn || tile*tileWidth+start != t.next+int64(len(t.rest)/tlog.HashSize) || len(hashes)%tlog.HashSize != 0
		if !torn {
			t.rest = append(t.rest, hashes...)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read tiles: %w", err)
	}
	t.ended = torn || len(t.rest) == 0
	return nil
}

const sqlCheckpoints = `
select
	size,
	position,
	root,
	note,
	made_at
from seal.checkpoints
where size > $1
order by size
limit 1000`

// checkpoints reads the stored checkpoints in order.
type checkpoints struct {
	db    seal.Querier
	page  []seal.Stored
	last  int64
	ended bool
}

// peek returns the next stored checkpoint without taking it, or false behind the last.
func (c *checkpoints) peek(ctx context.Context) (seal.Stored, bool, error) {
	if len(c.page) == 0 && !c.ended {
		rows, err := c.db.Query(ctx, sqlCheckpoints, c.last)
		if err != nil {
			return seal.Stored{}, false, fmt.Errorf("read checkpoints: %w", err)
		}
		var one seal.Stored
		var root []byte
		_, err = pgx.ForEachRow(rows, []any{&one.Size, &one.Position, &root, &one.Note, &one.MadeAt}, func() error {
			if len(root) != tlog.HashSize {
				return errors.New("a root is not a hash")
			}
			one.Root = tlog.Hash(root)
			c.page = append(c.page, one)
			one.Note = nil
			return nil
		})
		if err != nil {
			return seal.Stored{}, false, fmt.Errorf("read checkpoints: %w", err)
		}
		c.ended = len(c.page) == 0
	}
	if len(c.page) == 0 {
		return seal.Stored{}, false, nil
	}
	return c.page[0], true, nil
}

func (c *checkpoints) take() {
	c.last = c.page[0].Size
	c.page = c.page[1:]
}

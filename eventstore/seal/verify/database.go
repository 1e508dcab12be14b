package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/tree"
)

// Database reads every event that a checkpoint covers and compares the tree
// over them with what was signed. The pool has to run under
// eventstore.RoleEngine. The error says why the comparison could not be made,
// for one that the checkpoint is not signed by a known key; what is wrong with
// the database is in the report.
func Database(ctx context.Context, pool *pgxpool.Pool, signed []byte, known checkpoint.Verifiers, progress Progress) (Report, error) {
	opened, err := checkpoint.Open(signed, known)
	if err != nil {
		return Report{}, err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	c := &comparison{signed: opened, pool: pool, known: known, stored: checkpoints{db: pool}}
	err = tree.Scan(ctx, conn.Conn(), tree.Range{Limit: max(opened.Size, 1)}, func(leaves []tree.Leaf) error {
		if opened.Size == 0 {
			return nil
		}
		if err := c.compare(ctx, leaves); err != nil {
			return err
		}
		if progress != nil {
			progress(c.events.Size(), opened.Size)
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	return c.report(ctx)
}

// comparison is one database on its way to be compared.
type comparison struct {
	signed checkpoint.Checkpoint
	known  checkpoint.Verifiers
	pool   *pgxpool.Pool

	events   tree.Frontier // over the events as they are
	position int64         // of the last of them
	levels   []*tiles      // the stored tree
	stored   checkpoints

	first *difference // the first leaf that is not the stored one; nil while there is none
	inner *Finding    // the first tile above the leaves that is not that of the events
	wrong *Finding    // the first stored checkpoint that is not that of the events
	good  bound       // the last stored, signed checkpoint that is that of the events
}

// bound is up to where the events are known to be what was signed.
type bound struct{ size, position int64 }

// compare takes the next events.
func (c *comparison) compare(ctx context.Context, leaves []tree.Leaf) error {
	for _, leaf := range leaves {
		if err := c.compareLeaf(ctx, leaf); err != nil {
			return err
		}
		if err := c.compareCheckpoints(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) compareLeaf(ctx context.Context, leaf tree.Leaf) (err error) {
	index := c.events.Size()
	before := c.position
	c.position = leaf.Position
	kept, found, err := c.level(0).at(ctx, index)
	if err != nil {
		return err
	}
	switch {
	case c.first != nil:
		c.first.follow(leaf, kept, found)
	case !found || kept != leaf.Hash:
		c.first = &difference{index: index, before: before, leaf: leaf, tiles: c.events}
		c.first.follow(leaf, kept, found)
	}
	c.events.Add(leaf.Hash, func(level int, hash tlog.Hash) {
		if level == 0 || err != nil || c.first != nil || c.inner != nil {
			return
		}
		at := index >> (level * tree.TileHeight)
		var kept tlog.Hash
		if kept, found, err = c.level(level).at(ctx, at); err == nil && (!found || kept != hash) {
			c.inner = &Finding{
				Kind: Tile, Position: leaf.Position, Exact: true,
				Detail: fmt.Sprintf("hash %d of the stored tree's level %d is not that of the events", at, level),
			}
		}
	})
	return err
}

func (c *comparison) level(level int) *tiles {
	for len(c.levels) <= level {
		c.levels = append(c.levels, &tiles{db: c.pool, level: len(c.levels)})
	}
	return c.levels[level]
}

// compareCheckpoints looks at the stored checkpoints of the size reached. One
// that is signed and that of the events tells that nothing is wrong up to here.
func (c *comparison) compareCheckpoints(ctx context.Context) error {
	for {
		next, found, err := c.stored.peek(ctx)
		if err != nil || !found || next.Size > c.events.Size() {
			return err
		}
		c.stored.take()
		_, err = next.Open(c.known)
		same := next.Root == c.events.Root() && next.Size == c.events.Size() && next.Position == c.position
		switch {
		case same && err == nil:
			c.good = bound{size: next.Size, position: next.Position}
		case same && errors.Is(err, checkpoint.ErrUntrusted): // of a key that this auditor does not know
		case c.wrong == nil:
			c.wrong = &Finding{
				Kind: Checkpoint, Position: c.good.position + 1,
				Detail: fmt.Sprintf("the stored checkpoint of %d events is not theirs, or its signature is wrong", next.Size),
			}
		}
	}
}

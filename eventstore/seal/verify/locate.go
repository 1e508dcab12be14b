package verify

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal/tree"
)

// window is how many events behind a difference tell an inserted event from a
// changed one.
const window = 512

// difference is the first event whose leaf is not the stored one.
type difference struct {
	index  int64
	before int64 // the position before it
	leaf   tree.Leaf
	tiles  tree.Frontier // over the stored leaves
	kept   tlog.Hash     // the stored leaf at index
	torn   bool          // the stored leaves end too early
	later  []tree.Leaf   // the events from index on, at most window
}

// follow takes an event from the difference on, and the leaf stored in its place.
func (d *difference) follow(leaf tree.Leaf, kept tlog.Hash, found bool) {
	if d.torn = d.torn || !found; !d.torn {
		if d.tiles.Size() == d.index {
			d.kept = kept
		}
		d.tiles.Add(kept, nil)
	}
	if len(d.later) < window {
		d.later = append(d.later, leaf)
	}
}

const sqlNewer = `
select count(*)
from log.events
where position > $1`

// report says what is wrong, once all events are read.
func (c *comparison) report(ctx context.Context) (Report, error) {
	report := Report{Checkpoint: c.signed, Events: c.events.Size(), Position: c.position}
	if err := c.pool.QueryRow(ctx, sqlNewer, c.position).Scan(&report.Newer); err != nil {
		return Report{}, fmt.Errorf("count newer events: %w", err)
	}
	if c.events.Size() == c.signed.Size && c.events.Root() == c.signed.Root {
		report.Findings = c.aside()
		return report, nil
	}
	finding, err := c.locate(ctx)
	report.Findings = []Finding{finding}
	return report, err
}

// aside says what is wrong beside the events, which are what was signed.
func (c *comparison) aside() []Finding {
	var findings []Finding
	if c.first != nil {
		findings = append(findings, Finding{
			Kind: Tile, Position: c.first.leaf.Position, Exact: true,
			Detail: fmt.Sprintf("the event is what was signed, but leaf %d of the stored tree is not its", c.first.index),
		})
	}
	if c.inner != nil {
		findings = append(findings, *c.inner)
	}
	if c.wrong != nil {
		findings = append(findings, *c.wrong)
	}
	return findings
}

// locate names the first bad position. The stored leaves tell it exactly if
// they are what was signed; otherwise the last stored checkpoint that holds
// bounds it.
func (c *comparison) locate(ctx context.Context) (Finding, error) {
	stored := c.events
	if c.first != nil {
		stored = c.first.tiles
	}
	genuine, err := c.completes(ctx, &stored)
	switch {
	case err != nil:
		return Finding{}, err
	case c.good.size == c.signed.Size:
		return Finding{
			Kind: Checkpoint, Position: 1,
			Detail: fmt.Sprintf("two histories of %d events were signed, and the database has the other one", c.signed.Size),
		}, nil
	case genuine && c.first == nil, c.good.size == c.events.Size():
		return c.cut(), nil
	case genuine:
		return c.kind(ctx)
	case c.events.Size() < c.signed.Size:
		return Finding{
			Kind: Missing, Position: c.good.position + 1,
			Detail: fmt.Sprintf("the log has %d events, the checkpoint %d: an older state was restored, or the end and the stored tree were removed",
				c.events.Size(), c.signed.Size),
		}, nil
	default:
		return Finding{
			Kind: Changed, Position: c.good.position + 1,
			Detail: fmt.Sprintf("from here on neither the events nor the stored tree are those of the checkpoint of %d", c.signed.Size),
		}, nil
	}
}

// completes reports whether the stored leaves behind those taken lead to the
// root that was signed.
func (c *comparison) completes(ctx context.Context, stored *tree.Frontier) (bool, error) {
	if c.first != nil && c.first.torn {
		return false, nil
	}
	for stored.Size() < c.signed.Size {
		leaf, found, err := c.level(0).at(ctx, stored.Size())
		if err != nil || !found {
			return false, err
		}
		stored.Add(leaf, nil)
	}
	return stored.Root() == c.signed.Root, nil
}

// cut is for a log whose events are what was signed, but end too early.
func (c *comparison) cut() Finding {
	return Finding{
		Kind: Missing, Position: c.position + 1, Exact: true,
		Detail: fmt.Sprintf("the log ends here: %d of the %d events that were sealed are not there", c.signed.Size-c.events.Size(), c.signed.Size),
	}
}

// kind tells what was done at the first difference, the stored leaves being
// what was signed.
func (c *comparison) kind(ctx context.Context) (Finding, error) {
	d := c.first
	for _, later := range d.later[1:] {
		if later.Hash == d.kept {
			return Finding{Kind: Inserted, Position: d.leaf.Position, Exact: true, Detail: "this event was not there when the log was sealed"}, nil
		}
	}
	missing, err := c.isStoredLater(ctx, d.leaf.Hash, d.index)
	if err != nil {
		return Finding{}, err
	}
	if missing > 0 {
		return Finding{
			Kind: Missing, Position: d.before + 1, Exact: true,
			Detail: fmt.Sprintf("%d events that were sealed are not there; the next one is at %d", missing, d.leaf.Position),
		}, nil
	}
	return Finding{Kind: Changed, Position: d.leaf.Position, Exact: true, Detail: "this event is not what was sealed"}, nil
}

// isStoredLater answers how much later than at index a leaf is stored; 0 for nowhere.
func (c *comparison) isStoredLater(ctx context.Context, leaf tlog.Hash, index int64) (int64, error) {
	again := &tiles{db: c.pool, next: index / tileWidth * tileWidth}
	for at := index + 1; at < c.signed.Size; at++ {
		kept, found, err := again.at(ctx, at)
		if err != nil || !found {
			return 0, err
		}
		if kept == leaf {
			return at - index, nil
		}
	}
	return 0, nil
}

package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/tree"
)

// stepEvents is how many events one checkpoint adds at most: a proof counts
// events from the checkpoint before.
const stepEvents = 8192

// edge is how far the tree has come.
type edge struct {
	frontier tree.Frontier
	position int64
	note     []byte // of the checkpoint there; nil before the first one
}

// load finds out how far the database is, and makes sure that it goes on where
// the folder outside it says that the log was: never is a second history signed.
func (s *Sealer) load(ctx context.Context, conn *pgx.Conn) (edge, error) {
	log := NewLog(conn)
	known, err := s.trusted()
	if err != nil {
		return edge{}, err
	}
	var at edge
	latest, err := log.Latest(ctx)
	switch {
	case errors.Is(err, ErrUnsealed):
	case err != nil:
		return edge{}, err
	default:
		if _, err := latest.Open(known); err != nil {
			return edge{}, err
		}
		at.position, at.note = latest.Position, latest.Note
		if at.frontier, err = log.Frontier(ctx, latest.Size, latest.Root); err != nil {
			return edge{}, err
		}
	}
	if err := s.continues(ctx, log, known, at.frontier.Size()); err != nil {
		return edge{}, err
	}
	if latest.Note == nil {
		return at, nil
	}
	// a crash may have come between the database and the folder
	return at, s.options.Folder.Write(latest.Note, latest.MadeAt)
}

// trusted are the own keys and those that have signed before.
func (s *Sealer) trusted() (checkpoint.Verifiers, error) {
	if err := s.options.Folder.AddKeys(s.public); err != nil {
		return nil, err
	}
	return s.options.Folder.Keys()
}

// continues refuses with ErrBroken a database that is not a continuation of
// the checkpoint in the folder: an older backup, or a rewritten one.
func (s *Sealer) continues(ctx context.Context, log Log, known checkpoint.Verifiers, size int64) error {
	signed, err := s.options.Folder.Latest()
	if err != nil || signed == nil {
		return err
	}
	outside, err := checkpoint.Open(signed, known)
	if err != nil {
		return fmt.Errorf("the checkpoint in %s: %w", s.options.Folder, err)
	}
	if outside.Origin != s.keys.Origin() {
		return fmt.Errorf("%w: %s keeps the checkpoints of another log", ErrBroken, s.options.Folder)
	}
	if outside.Size > size {
		return fmt.Errorf("%w: the database is sealed up to %d events, but %s has a checkpoint of %d: an older state was restored",
			ErrBroken, size, s.options.Folder, outside.Size)
	}
	_, err = log.Frontier(ctx, outside.Size, outside.Root)
	return err
}

const sqlHighWater = `
select
	position,
	coalesce((select max(size) from seal.checkpoints), 0)
from log.high_water`

// step seals what there is, up to stepEvents, and reports whether there may be more.
func (s *Sealer) step(ctx context.Context, conn *pgx.Conn, at *edge) (more bool, err error) {
	var head, size int64
	if err := conn.QueryRow(ctx, sqlHighWater).Scan(&head, &size); err != nil {
		return false, fmt.Errorf("read the high-water mark: %w", err)
	}
	if size != at.frontier.Size() {
		return false, fmt.Errorf("%w: the database is sealed up to %d events, this process has sealed %d", ErrBroken, size, at.frontier.Size())
	}
	if head <= at.position {
		return false, nil
	}
	grown, added := *at, &pieces{open: map[int]int{}}
	err = tree.Scan(ctx, conn, tree.Range{After: at.position, UpTo: head, Limit: stepEvents}, func(leaves []tree.Leaf) error {
		for _, leaf := range leaves {
			index := grown.frontier.Size()
			grown.frontier.Add(leaf.Hash, func(level int, hash tlog.Hash) {
				added.add(level, index>>(level*tree.TileHeight), hash)
			})
			grown.position = leaf.Position
		}
		return nil
	})
	if err != nil || grown.position == at.position {
		return false, err
	}
	if err := s.alone(*at); err != nil {
		return false, err
	}
	signed, err := checkpoint.Sign(grown.frontier.Size(), grown.frontier.Root(), s.keys)
	if err != nil {
		return false, err
	}
	if err := store(ctx, conn, grown, added, signed); err != nil {
		return false, err
	}
	sealed := grown.frontier.Size() - at.frontier.Size()
	grown.note = signed
	*at = grown
	s.reached.Store(grown.position)
	if err := s.options.Folder.Write(signed, time.Now()); err != nil {
		return false, err
	}
	return sealed == stepEvents, nil
}

// ErrFolder: the folder outside the database is not as this sealer left it.
var ErrFolder = errors.New("somebody else writes to the folder for checkpoints")

// alone makes sure, before anything is signed, that the folder is as this
// sealer left it. A copy of the database that is sealed with the same key into
// the same folder would make a second history; whoever finds that out loads
// again, and then refuses to go on or does not.
func (s *Sealer) alone(at edge) error {
	outside, err := s.options.Folder.Latest()
	if err == nil && !bytes.Equal(outside, at.note) {
		err = ErrFolder
	}
	return err
}

const sqlAddTiles = `
insert into seal.tiles (level, tile, start, hashes)
select
	level,
	tile,
	start,
	hashes
from unnest($1::int[], $2::bigint[], $3::int[], $4::bytea[]) as added (level, tile, start, hashes)`

const sqlAddCheckpoint = `
insert into seal.checkpoints (size, position, root, note)
values ($1, $2, $3, $4)`

// store writes a step in one transaction; its keys refuse a second sealer.
func store(ctx context.Context, conn *pgx.Conn, at edge, added *pieces, signed []byte) error {
	root := at.frontier.Root()
	batch := &pgx.Batch{}
	batch.Queue(sqlAddTiles, added.level, added.tile, added.start, added.hash)
	batch.Queue(sqlAddCheckpoint, at.frontier.Size(), at.position, root[:], signed)
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store the checkpoint of %d: %w", at.frontier.Size(), err)
	}
	return nil
}

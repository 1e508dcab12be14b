package seal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/tree"
)

// Proof shows that an event is in the log that a checkpoint was signed of. It
// is complete: Check needs a public key and nothing else.
type Proof struct {
	Event      tree.Event  `json:"event"`
	Leaf       int64       `json:"leaf"`       // the event's index in the tree, from 0
	Path       []tlog.Hash `json:"path"`       // the audit path of RFC 6962, section 2.1.1, from the leaf upwards
	Checkpoint string      `json:"checkpoint"` // the signed note
}

// Check verifies the proof offline, and returns the checkpoint that it goes up to.
func (p Proof) Check(known checkpoint.Verifiers) (checkpoint.Checkpoint, error) {
	signed, err := checkpoint.Open([]byte(p.Checkpoint), known)
	if err != nil {
		return checkpoint.Checkpoint{}, err
	}
	return signed, CheckPath(signed, p.Leaf, p.Event, p.Path)
}

// CheckPath verifies that an event is the leaf of a signed tree that its path says.
func CheckPath(signed checkpoint.Checkpoint, leaf int64, event tree.Event, path []tlog.Hash) error {
	if leaf < 0 || leaf >= signed.Size || tlog.CheckRecord(path, signed.Size, signed.Root, leaf, event.Leaf()) != nil {
		return fmt.Errorf("%w: the event at %d is not what was sealed", ErrBroken, event.Position)
	}
	return nil
}

const sqlEvent = `
select
	position,
	workspace_id,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at,
	seal.leaf(position)
from log.events
where id = $1`

// Prove proves an event, as the scope sees it, by the newest checkpoint. It
// fails with ErrNoEvent or, for an event that is too new, ErrUnsealed.
func (l Log) Prove(ctx context.Context, scope eventstore.Scope, id domain.EventID) (Proof, error) {
	var proof Proof
	var workspace pgtype.UUID
	var leaf *int64
	found := false
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlEvent, pgtype.UUID{Bytes: id, Valid: true}).Query(func(rows pgx.Rows) error {
		e := &proof.Event
		_, err := pgx.ForEachRow(rows, []any{
			&e.Position, &workspace, &e.Stream, &e.Version, nil, &e.Type,
			(*[]byte)(&e.Data), (*[]byte)(&e.Metadata), &e.RecordedAt, &leaf,
		}, func() error { found = true; return nil })
		return err
	})
	if err := l.db.SendBatch(ctx, batch).Close(); err != nil {
		return Proof{}, fmt.Errorf("read the event: %w", err)
	}
	switch {
	case !found:
		return Proof{}, ErrNoEvent
	case leaf == nil:
		return Proof{}, ErrUnsealed
	}
	proof.Event.Workspace, proof.Event.ID = workspace.Bytes, id
	proof.Event.RecordedAt = proof.Event.RecordedAt.UTC()
	latest, err := l.Latest(ctx)
	if err != nil {
		return Proof{}, err
	}
	proof.Leaf, proof.Checkpoint = *leaf, string(latest.Note)
	proof.Path, err = l.path(latest, l.Hashes(ctx), proof.Leaf, proof.Event)
	return proof, err
}

// path reads an event's audit path and makes sure that it holds.
func (l Log) path(at Stored, hashes tlog.HashReader, leaf int64, event tree.Event) ([]tlog.Hash, error) {
	path, err := tlog.ProveRecord(at.Size, leaf, hashes)
	if err != nil {
		return nil, fmt.Errorf("prove the event at %d: %w", event.Position, err)
	}
	return path, CheckPath(checkpoint.Checkpoint{Size: at.Size, Root: at.Root}, leaf, event, path)
}

// Paths returns a function that gives audit paths in one checkpoint's tree,
// each checked against its root, for one goroutine and while ctx lasts.
func (l Log) Paths(ctx context.Context, at Stored) func(leaf int64, event tree.Event) ([]tlog.Hash, error) {
	hashes := l.Hashes(ctx)
	return func(leaf int64, event tree.Event) ([]tlog.Hash, error) { return l.path(at, hashes, leaf, event) }
}

package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/note"

	"behalf/domain"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/tree"
)

// Source is where exports come from.
type Source struct {
	Pool     *pgxpool.Pool // under eventstore.RoleEngine
	Keys     checkpoint.Signers
	Known    checkpoint.Verifiers
	Progress func(stage string, done, total int64) // told of events; may be nil
}

const sqlUnlimited = `
select
	set_config('statement_timeout', '0', true),
	set_config('enable_sort', 'off', true)`

const sqlStreams = `
select
	stream,
	max(version)
from log.events
where workspace_id = $1
	and position <= $2
group by stream`

// Leaves are counted over the whole log.
const sqlEvents = `
select
	leaf,
	position,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from (
	select
		row_number() over (order by position) - 1 as leaf,
		workspace_id,
		position,
		stream,
		version,
		id,
		type,
		data,
		metadata,
		recorded_at
	from log.events
	where position <= $2
) as numbered
where workspace_id = $1
order by position`

// Write exports what the newest checkpoint covers of a workspace. It is
// complete, or an error and not to be used: the whole log is compared with the
// checkpoint first, every proof is checked before it is written, and every
// stream is counted twice.
func (s Source) Write(ctx context.Context, to io.Writer, workspace domain.WorkspaceID) (Summary, error) {
	w := &writer{source: s, to: bufio.NewWriterSize(to, 1<<16), digest: sha256.New(), versions: map[string]int{}}
	err := pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlUnlimited); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return w.write(ctx, tx, workspace)
	})
	return w.summary, err
}

type writer struct {
	source   Source
	to       *bufio.Writer
	digest   hash.Hash
	versions map[string]int
	summary  Summary
}

func (w *writer) write(ctx context.Context, tx pgx.Tx, workspace domain.WorkspaceID) error {
	latest, err := seal.NewLog(tx).Latest(ctx)
	if err != nil {
		return err
	}
	opened, err := latest.Open(w.source.Known)
	if err != nil {
		return err
	}
	w.summary = Summary{Workspace: workspace, Origin: opened.Origin, Size: opened.Size}
	if err := w.put(head{Export: version, Workspace: workspace, Checkpoint: string(latest.Note)}); err != nil {
		return err
	}
	if err := w.compare(ctx, tx, latest); err != nil {
		return err
	}
	expected, err := streamsOf(ctx, tx, workspace, latest.Position)
	if err != nil {
		return err
	}
	if len(expected) == 0 {
		return fmt.Errorf("%w: nothing of this workspace is sealed", seal.ErrUnsealed)
	}
	if err := w.putEvents(ctx, tx, workspace, latest, expected); err != nil {
		return err
	}
	if !maps.Equal(expected, w.versions) {
		return fmt.Errorf("%w: the workspace's streams are not whole", seal.ErrBroken)
	}
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		if err := w.put(stream{Stream: name, Version: expected[name]}); err != nil {
			return err
		}
	}
	w.summary.Streams = len(expected)
	return w.sign()
}

// compare makes sure that the whole log, of all workspaces, is what was sealed:
// an event that somebody has given to another workspace is missing here, and
// the proofs of those that are left would not tell.
func (w *writer) compare(ctx context.Context, tx pgx.Tx, latest seal.Stored) error {
	var events tree.Frontier
	err := tree.ScanIn(ctx, tx, tree.Range{UpTo: latest.Position}, func(leaves []tree.Leaf) error {
		for _, leaf := range leaves {
			events.Add(leaf.Hash, nil)
		}
		w.source.tell("sealed log", events.Size(), latest.Size)
		return nil
	})
	switch {
	case err != nil:
		return err
	case events.Size() != latest.Size:
		return fmt.Errorf("%w: the log has %d events of the %d that were sealed", seal.ErrBroken, events.Size(), latest.Size)
	case events.Root() != latest.Root:
		return fmt.Errorf("%w: the log is not what was sealed", seal.ErrBroken)
	}
	return nil
}

func (s Source) tell(stage string, done, total int64) {
	if s.Progress != nil {
		s.Progress(stage, done, total)
	}
}

func streamsOf(ctx context.Context, tx pgx.Tx, workspace domain.WorkspaceID, upTo int64) (map[string]int, error) {
	rows, err := tx.Query(ctx, sqlStreams, pgtype.UUID{Bytes: workspace, Valid: true}, upTo)
	if err != nil {
		return nil, fmt.Errorf("read the streams' versions: %w", err)
	}
	versions := map[string]int{}
	var one stream
	_, err = pgx.ForEachRow(rows, []any{&one.Stream, &one.Version}, func() error {
		versions[one.Stream] = one.Version
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the streams' versions: %w", err)
	}
	return versions, nil
}

func (w *writer) putEvents(ctx context.Context, tx pgx.Tx, workspace domain.WorkspaceID, at seal.Stored, expected map[string]int) error {
	total := int64(0)
	for _, events := range expected {
		total += int64(events)
	}
	rows, err := tx.Query(ctx, sqlEvents, pgtype.UUID{Bytes: workspace, Valid: true}, at.Position)
	if err != nil {
		return fmt.Errorf("read the events: %w", err)
	}
	paths := seal.NewLog(w.source.Pool).Paths(ctx, at) // the transaction's connection is busy
	var e tree.Event
	var leaf int64
	_, err = pgx.ForEachRow(rows, []any{
		&leaf, &e.Position, &e.Stream, &e.Version, (*[16]byte)(&e.ID), &e.Type, (*[]byte)(&e.Data), (*[]byte)(&e.Metadata), &e.RecordedAt,
	}, func() error {
		e.Workspace, e.RecordedAt = workspace, e.RecordedAt.UTC()
		path, err := paths(leaf, e)
		if err != nil {
			return err
		}
		if w.versions[e.Stream]++; w.versions[e.Stream] != int(e.Version) {
			return fmt.Errorf("%w: the event at %d is not version %d of %s", seal.ErrBroken, e.Position, w.versions[e.Stream], e.Stream)
		}
		w.summary.Events++
		w.source.tell("events", int64(w.summary.Events), total)
		return w.put(entry{Leaf: leaf, Event: e, Path: path})
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// put writes a line that the statement covers.
func (w *writer) put(value any) error {
	written, err := line(value)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	if len(written) > maxLine {
		return fmt.Errorf("write the export: %w: %d bytes of %d", errTooLong, len(written), maxLine)
	}
	_, _ = w.digest.Write(written) // never fails, see hash.Hash
	if _, err := w.to.Write(written); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

// sign writes the last line. It is signed with one key, so that no byte of it
// can be left unchecked.
func (w *writer) sign() error {
	text := w.summary.statement([32]byte(w.digest.Sum(nil)))
	signed, err := note.Sign(&note.Note{Text: text}, w.source.Keys[0])
	if err != nil {
		return fmt.Errorf("sign the export: %w", err)
	}
	if err := w.put(tail{Statement: string(signed)}); err != nil {
		return err
	}
	if err := w.to.Flush(); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

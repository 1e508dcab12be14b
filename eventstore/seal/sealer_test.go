package seal_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/sealtest"
	"behalf/eventstore/seal/tree"
	"behalf/eventstore/signal"
)

// leaves reads every leaf by the plain way: row by row, and encoded from the
// columns.
func leaves(t *testing.T, w *sealtest.World) []tlog.Hash {
	t.Helper()
	rows, err := w.Super.Query(t.Context(), `
select
	position,
	coalesce(workspace_id, '00000000-0000-0000-0000-000000000000'),
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
order by position`)
	require.NoError(t, err)
	var all []tlog.Hash
	var event tree.Event
	_, err = pgx.ForEachRow(rows, []any{
		&event.Position, (*[16]byte)(&event.Workspace), &event.Stream, &event.Version, (*[16]byte)(&event.ID), &event.Type,
		(*[]byte)(&event.Data), (*[]byte)(&event.Metadata), &event.RecordedAt,
	}, func() error {
		all = append(all, event.Leaf())
		return nil
	})
	require.NoError(t, err)
	return all
}

// reference is the root of a tree by tlog's own bookkeeping.
func reference(t *testing.T, leaves []tlog.Hash) tlog.Hash {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n, leaf := range leaves {
		added, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		require.NoError(t, err)
		stored = append(stored, added...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), reader)
	require.NoError(t, err)
	return root
}

func TestSealingInSteps(t *testing.T) {
	t.Parallel()
	w, signed := sealtest.Sealed(t, 1, 2, 255, 300, 8)
	opened, err := checkpoint.Open(signed, w.Known)
	require.NoError(t, err)
	require.Equal(t, checkpoint.Checkpoint{Origin: sealtest.Origin, Size: 566, Root: reference(t, leaves(t, w))}, opened)

	latest, err := seal.NewLog(w.API).Latest(t.Context())
	require.NoError(t, err)
	require.Equal(t, signed, latest.Note)
	_, err = latest.Open(w.Known)
	require.NoError(t, err)
	require.Equal(t, signed, w.Seal(t), "without news nothing is signed")
}

// A new sealer goes on where the one before stopped, however the work is cut.
func TestOneStepIsLikeMany(t *testing.T) {
	t.Parallel()
	const events = 20_000 // several full steps, three levels of tiles
	w, signed := sealtest.Sealed(t, events)
	opened, err := checkpoint.Open(signed, w.Known)
	require.NoError(t, err)
	require.EqualValues(t, events, opened.Size)
	require.Equal(t, reference(t, leaves(t, w)), opened.Root)
	var checkpoints int
	require.NoError(t, w.Super.QueryRow(t.Context(), `select count(*) from seal.checkpoints`).Scan(&checkpoints))
	require.Equal(t, 3, checkpoints)
}

func TestGapsAmongPositions(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	for range 5 {
		w.Fill(t, 3)
		w.Exec(t, `select setval('log.positions', nextval('log.positions') + 10)`) // as appends that were undone leave them
	}
	opened, err := checkpoint.Open(w.Seal(t), w.Known)
	require.NoError(t, err)
	require.EqualValues(t, 15, opened.Size, "leaves are dense")
}

// Nothing above the high-water mark is sealed: something may still appear below it.
func TestOnlyUpToTheMark(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	w.Fill(t, 10)
	w.Exec(t, `update log.high_water set position = 7`)
	w.Seal(t)
	latest, err := seal.NewLog(w.Engine).Latest(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 7, latest.Position)
}

func TestOneSealsTheOthersStandBy(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	bell := signal.NewLocal()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	first, err := seal.NewSealer(seal.Options{
		Pool: w.Engine, HighWater: bell, Keys: w.Private, Folder: w.Folder, Every: time.Millisecond,
	})
	require.NoError(t, err)
	go func() { ended <- first.Run(ctx) }()
	w.Fill(t, 5)
	reach(t, bell, first, 5)
	require.ErrorIs(t, w.Sealer(t).SealOnce(t.Context()), seal.ErrElsewhere)

	w.Fill(t, 5)
	reach(t, bell, first, 10)
	stop()
	require.NoError(t, <-ended)
	w.Fill(t, 1)
	w.Seal(t)
}

// reach wakes a sealer until it has come to a position.
func reach(t *testing.T, bell signal.Signal, sealer *seal.Sealer, position int64) {
	t.Helper()
	require.Eventually(t, func() bool {
		bell.Notify()
		return sealer.Position() >= position
	}, time.Minute, 5*time.Millisecond)
}

// Whatever was done to the database, no second history is signed.
func TestNoSecondHistoryIsSigned(t *testing.T) {
	t.Parallel()
	for name, tampering := range map[string][]string{
		"an older state": {
			`delete from seal.checkpoints where size > 10`, `delete from seal.tiles where start >= 10 or tile > 0`,
			`delete from log.events where position > 10`,
		},
		"no seal at all":  {`truncate seal.tiles`, `truncate seal.checkpoints`},
		"another tile":    {`update seal.tiles set hashes = sha256('x') || substr(hashes, 33)`},
		"another root":    {`update seal.checkpoints set root = sha256('x')`},
		"another's note":  {`update seal.checkpoints set note = convert_to(replace(convert_from(note, 'UTF8'), '30', '29'), 'UTF8') where size = 30`},
		"a shorter piece": {`update seal.tiles set hashes = substr(hashes, 1, 32) where start > 0`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, signed := sealtest.Sealed(t, 10, 20)
			w.Tamper(t, tampering...)
			w.Fill(t, 40)
			require.Error(t, w.Sealer(t).SealOnce(t.Context()))
			kept, err := w.Folder.Latest()
			require.NoError(t, err)
			require.Equal(t, signed, kept)
		})
	}
}

// A sealer that is at work notices when the database is exchanged beneath it, or
// when a copy is sealed into the same folder: neither gets another checkpoint.
func TestASealerAtWorkSignsNoSecondHistory(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(t *testing.T, w, copied *sealtest.World){
		"an older state": func(t *testing.T, w, _ *sealtest.World) {
			w.Tamper(t, `delete from seal.checkpoints where size > 10`, `delete from seal.tiles where start >= 10`)
		},
		"a spoiled file": func(t *testing.T, w, _ *sealtest.World) {
			require.NoError(t, os.WriteFile(filepath.Join(string(w.Folder), "checkpoint"), []byte("x"), 0o600))
		},
		"a copy": func(t *testing.T, _, copied *sealtest.World) {
			copied.Fill(t, 5)
			copied.Seal(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := sealtest.Sealed(t, 10, 20)
			copied := w.Backup(t)
			bell := signal.NewLocal()
			told := make(chan struct{}, 100)
			sealer, err := seal.NewSealer(seal.Options{
				Pool: w.Engine, HighWater: bell, Keys: w.Private, Folder: w.Folder, Every: time.Millisecond,
				Contradicted: func(context.Context) { told <- struct{}{} },
			})
			require.NoError(t, err)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- sealer.Run(ctx) }()
			defer func() {
				stop()
				require.NoError(t, <-ended)
			}()
			reach(t, bell, sealer, 30)
			meanwhile(t, w, copied)
			kept, err := w.Folder.Latest()
			require.NoError(t, err)
			w.Fill(t, 40)
			require.Eventually(t, func() bool {
				bell.Notify()
				return sealer.Broken()
			}, time.Minute, 5*time.Millisecond)
			<-told
			now, err := w.Folder.Latest()
			require.NoError(t, err)
			require.Equal(t, kept, now)
		})
	}
}

// A crash between the database and the folder is made good.
func TestTheFolderCatchesUp(t *testing.T) {
	t.Parallel()
	w, signed := sealtest.Sealed(t, 3)
	require.NoError(t, os.Remove(filepath.Join(string(w.Folder), "checkpoint")))
	require.Equal(t, signed, w.Seal(t))
}

// After a new key has come, checkpoints of the old one stay verifiable, and
// the history goes on.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	w, old := sealtest.Sealed(t, 3)
	oldKnown := w.Known
	fresh, err := checkpoint.Generate(sealtest.Origin)
	require.NoError(t, err)
	retiring := w.Private
	w.Private = fresh + "\n" + retiring // both sign for a while
	w.Fill(t, 3)
	both := w.Seal(t)
	w.Private = fresh
	w.Fill(t, 3)
	last := w.Seal(t)

	_, newKnown := sealtest.Public(t, fresh)
	all, err := w.Folder.Keys()
	require.NoError(t, err)
	require.Len(t, all, 2)
	for _, signed := range [][]byte{old, both, last} {
		_, err := checkpoint.Open(signed, all)
		require.NoError(t, err)
	}
	_, err = checkpoint.Open(both, oldKnown)
	require.NoError(t, err)
	_, err = checkpoint.Open(both, newKnown)
	require.NoError(t, err)
	_, err = checkpoint.Open(last, oldKnown)
	require.ErrorIs(t, err, checkpoint.ErrUntrusted)
}

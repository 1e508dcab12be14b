package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/sealtest"
	"behalf/eventstore/seal/verify"
)

// The whole database is replaced by an older backup.
func TestAnOlderBackup(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 100, 50)
	backup := w.Backup(t)
	w.Fill(t, 30)
	signed := w.Seal(t)
	require.Empty(t, check(t, w, signed).Findings)

	report := check(t, backup, signed)
	require.Len(t, report.Findings, 1)
	require.Equal(t, verify.Missing, report.Findings[0].Kind)
	require.EqualValues(t, 151, report.Findings[0].Position)
	require.True(t, report.Findings[0].Exact)
	require.Error(t, backup.Sealer(t).SealOnce(t.Context()), "nothing is sealed on it")

	backup.Fill(t, 100) // life goes on, differently
	report = check(t, backup, signed)
	require.Len(t, report.Findings, 1)
	require.Equal(t, verify.Changed, report.Findings[0].Kind)
	require.EqualValues(t, 151, report.Findings[0].Position)
}

// A backup from between two checkpoints: what had been sealed by then bounds it.
func TestABackupBetweenCheckpoints(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 100)
	w.Fill(t, 20)
	backup := w.Backup(t)
	w.Fill(t, 30)
	report := check(t, backup, w.Seal(t))
	require.Len(t, report.Findings, 1)
	require.Equal(t, verify.Missing, report.Findings[0].Kind)
	require.EqualValues(t, 101, report.Findings[0].Position)
	require.False(t, report.Findings[0].Exact)
}

// Somebody with the database and without the key rewrites an event and all
// that was derived of it, with a key of their own. The checkpoints from before
// tell up to where nothing was touched.
func TestRewritingEverything(t *testing.T) {
	t.Parallel()
	w, signed := sealtest.Sealed(t, 100, 600, 300)
	other, err := checkpoint.Generate(sealtest.Origin)
	require.NoError(t, err)
	forger := *w
	forger.Private, forger.Folder = other, checkpoint.Folder(t.TempDir())
	w.Tamper(t,
		`update log.events set data = '{"n":0}' where position = 500`,
		`create table kept as select * from seal.checkpoints where size = 100`,
		`truncate seal.tiles`, `truncate seal.checkpoints`)
	forger.Seal(t)
	w.Tamper(t, `insert into seal.checkpoints select * from kept`)

	report := check(t, w, signed)
	require.Len(t, report.Findings, 1)
	require.EqualValues(t, 101, report.Findings[0].Position)
	require.False(t, report.Findings[0].Exact)
}

// The holder of the key signs two histories.
func TestTwoHistories(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 100)
	other := w.Backup(t)
	other.Folder = checkpoint.Folder(t.TempDir())
	w.Fill(t, 10)
	signed := w.Seal(t)
	other.Fill(t, 10)
	other.Seal(t)
	report := check(t, other, signed)
	require.Len(t, report.Findings, 1)
	require.Equal(t, verify.Checkpoint, report.Findings[0].Kind)
	require.Contains(t, report.Findings[0].Detail, "two histories")
}

// The events are as they were, but what the database says of itself is not.
func TestTamperingWithTheSeal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tampering string
		kind      verify.Kind
		position  int64
	}{
		"a leaf":           {`update seal.tiles set hashes = overlay(hashes placing sha256('x') from 33) where level = 0 and tile = 1 and start = 0`, verify.Tile, 258},
		"an inner tile":    {`update seal.tiles set hashes = overlay(hashes placing sha256('x') from 33) where level = 1 and start = 0`, verify.Tile, 512},
		"a piece removed":  {`delete from seal.tiles where level = 0 and tile = 0 and start = 100`, verify.Tile, 101},
		"no tiles":         {`truncate seal.tiles`, verify.Tile, 1},
		"a root":           {`update seal.checkpoints set root = sha256('x') where size = 700`, verify.Checkpoint, 101},
		"a note":           {`update seal.checkpoints set note = overlay(note placing 'x' from 1) where size = 700`, verify.Checkpoint, 101},
		"a position":       {`update seal.checkpoints set position = 699 where size = 700`, verify.Checkpoint, 101},
		"a note of others": {`update seal.checkpoints set note = (select note from seal.checkpoints where size = 100) where size = 700`, verify.Checkpoint, 101},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, signed := sealtest.Sealed(t, 100, 600, 300)
			w.Tamper(t, test.tampering)
			report := check(t, w, signed)
			require.NotEmpty(t, report.Findings)
			require.Equal(t, test.kind, report.Findings[0].Kind, "%s", report.Findings[0])
			require.Equal(t, test.position, report.Findings[0].Position, "%s", report.Findings[0])
		})
	}
}

// The checkpoint itself is not to be trusted before its signature is.
func TestAChangedCheckpoint(t *testing.T) {
	t.Parallel()
	w, signed := sealtest.Sealed(t, 10)
	for i := range signed {
		changed := append([]byte{}, signed...)
		changed[i] ^= 1
		_, err := verify.Database(t.Context(), w.Engine, changed, w.Known, nil)
		require.Error(t, err, "byte %d", i)
	}
}

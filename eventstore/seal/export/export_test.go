package export_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/export"
	"behalf/eventstore/seal/sealtest"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func write(t *testing.T, w *sealtest.World, workspace domain.WorkspaceID) ([]byte, error) {
	t.Helper()
	keys, err := checkpoint.ParseSigners(w.Private)
	require.NoError(t, err)
	var file bytes.Buffer
	_, err = export.Source{Pool: w.Engine, Keys: keys, Known: w.Known}.Write(t.Context(), &file, workspace)
	return file.Bytes(), err
}

func exported(t *testing.T, w *sealtest.World) []byte {
	t.Helper()
	file, err := write(t, w, sealtest.Acme)
	require.NoError(t, err)
	return file
}

func TestAnExportIsWhole(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 100, 300)
	w.Fill(t, 10) // not sealed yet, hence not exported
	summary, err := export.Check(bytes.NewReader(exported(t, w)), w.Known)
	require.NoError(t, err)
	require.Equal(t, export.Summary{Workspace: sealtest.Acme, Origin: sealtest.Origin, Size: 400, Events: 360, Streams: 3}, summary)
}

func requireRefused(t *testing.T, w *sealtest.World, file []byte, what string, args ...any) {
	t.Helper()
	_, err := export.Check(bytes.NewReader(file), w.Known)
	require.ErrorIs(t, err, export.ErrNotGenuine, append([]any{what}, args...)...)
}

func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 6)
	file := exported(t, w)
	for i := range file {
		for _, flip := range []byte{0x01, 0x20} {
			changed := slices.Clone(file)
			changed[i] ^= flip
			requireRefused(t, w, changed, "byte %d, flipped by %x", i, flip)
		}
		requireRefused(t, w, file[:i], "cut at %d", i)
	}
}

func TestEveryLineCounts(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 40)
	lines := strings.SplitAfter(strings.TrimSuffix(string(exported(t, w)), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	for i, line := range lines {
		requireRefused(t, w, []byte(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "")), "without line %d", i)
		requireRefused(t, w, []byte(strings.Join(slices.Insert(slices.Clone(lines), i, line), "")), "line %d twice", i)
		requireRefused(t, w, []byte(strings.Join(slices.Insert(slices.Clone(lines), i, "\n"), "")), "an empty line %d", i)
		if i > 0 {
			swapped := slices.Clone(lines)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			requireRefused(t, w, []byte(strings.Join(swapped, "")), "line %d before its neighbour", i)
		}
	}
	requireRefused(t, w, []byte(strings.Join(lines, "")+"{}\n"), "a line at the end")
	requireRefused(t, w, nil, "an empty file")
}

// endless is a line that does not end.
type endless struct{ given int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.given += int64(len(p))
	return len(p), nil
}

func TestAnEndlessLine(t *testing.T) {
	t.Parallel()
	var line endless
	_, err := export.Check(&line, nil)
	require.ErrorIs(t, err, export.ErrNotGenuine)
	require.Less(t, line.given, int64(32<<20), "it is not read for ever")
}

// Parts of one genuine export do not fit into another one.
func TestTwoExportsDoNotMix(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 20)
	before := strings.SplitAfter(string(exported(t, w)), "\n")
	w.Fill(t, 20)
	w.Seal(t)
	after := strings.SplitAfter(string(exported(t, w)), "\n")
	for i := 1; i < len(before)-1; i++ {
		requireRefused(t, w, []byte(strings.Join(before[:i], "")+strings.Join(after[len(after)-len(before)+i:], "")), "from line %d", i)
	}
}

func TestAnotherKey(t *testing.T) {
	t.Parallel()
	w, _ := sealtest.Sealed(t, 20)
	file := exported(t, w)
	other, err := checkpoint.Generate(sealtest.Origin)
	require.NoError(t, err)
	_, w.Known = sealtest.Public(t, other)
	requireRefused(t, w, file, "another key")
}

// What is not whole is not exported.
func TestRefusedExports(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	w.Fill(t, 5)
	_, err := write(t, w, sealtest.Acme)
	require.ErrorIs(t, err, seal.ErrUnsealed, "nothing is sealed")
	w.Seal(t)
	_, err = write(t, w, domain.WorkspaceID{15: 9})
	require.ErrorIs(t, err, seal.ErrUnsealed, "nothing of that workspace is")

	for name, tampering := range map[string]string{
		"an event changed": `update log.events set data = '{}' where position = 3`,
		"an event removed": `delete from log.events where position = 3`,
		"the end removed":  `delete from log.events where position = 5`,
		// what is left of the workspace would prove well
		"a stream given away": `update log.events set workspace_id = gen_random_uuid() where stream = (select stream from log.events where position = 2)`,
		"its end given away":  `update log.events set workspace_id = gen_random_uuid() where position = 5`,
		"a tile changed":      `update seal.tiles set hashes = overlay(hashes placing sha256('x') from 33)`,
		"a root changed":      `update seal.checkpoints set root = sha256('x')`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := sealtest.Sealed(t, 5)
			w.Tamper(t, tampering)
			_, err := write(t, w, sealtest.Acme)
			require.ErrorIs(t, err, seal.ErrBroken)
		})
	}
}

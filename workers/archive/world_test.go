package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/export"
	"behalf/internal/archives"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/archive"
	"behalf/workers/workerstest"

	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
)

// world is one whose log is sealed, with a storage for archives.
type world struct {
	*workerstest.World
	keys   checkpoint.Signers
	known  checkpoint.Verifiers
	bucket *blob.Bucket
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{World: workerstest.New(t, workspace.OwnerMode), bucket: memblob.OpenBucket(nil)}
	t.Cleanup(func() { _ = w.bucket.Close() })
	private, err := checkpoint.Generate("test.example/log")
	require.NoError(t, err)
	w.keys, err = checkpoint.ParseSigners(private)
	require.NoError(t, err)
	public, err := checkpoint.PublicKeys(private)
	require.NoError(t, err)
	w.known, err = checkpoint.ParseVerifiers(public[0])
	require.NoError(t, err)
	sealer, err := seal.NewSealer(seal.Options{
		Pool: w.Pool, HighWater: w.Signals.HighWater, Keys: private, Folder: checkpoint.Folder(t.TempDir()), Logger: w.Logger(),
	})
	require.NoError(t, err)
	w.Background(sealer.Run)
	return w
}

func (w *world) source() export.Source {
	return export.Source{Pool: w.Pool, Keys: w.keys, Known: w.known}
}

// deps are an archivist's; in moves its clock.
func (w *world) deps(media archive.Media, in time.Duration) archive.Deps {
	return archive.Deps{
		Pool: w.Pool, Store: w.Store, Work: work.NewReader(w.Pool), Persons: w.Persons, Media: media, History: w.source(),
		Shelf: archives.New(w.bucket), Logger: w.Logger(), Now: func() time.Time { return time.Now().Add(in) },
		Look: 20 * time.Millisecond,
	}
}

// ask has Olivia ask for an archive, which the views know then, and the seal.
func (w *world) ask() workspace.ExportRequested {
	w.Helper()
	happened := w.As(w.Olivia, &closing.ExportWorkspace{})
	position := happened[0].Position
	for _, view := range []projections.View{projections.Exports, projections.Posts} {
		_, err := w.Store.WaitForCheckpoint(w.Ctx, view.Group(), position)
		require.NoError(w, err)
	}
	require.Eventually(w, func() bool {
		_, err := seal.NewLog(w.Pool).Covering(w.Ctx, position)
		return err == nil
	}, time.Minute, 5*time.Millisecond)
	requested, ok := happened[0].Event.(workspace.ExportRequested)
	require.True(w, ok)
	return requested
}

// finished are the archives that were offered.
func (w *world) finished() (all []workspace.ExportFinished) {
	w.Helper()
	for recorded, err := range w.Store.Read(w.Ctx, eventstore.Scope{}, workspace.Stream(w.Workspace), eventstore.UpTo{}) {
		require.NoError(w, err)
		if one, is := recorded.Event.(workspace.ExportFinished); is {
			all = append(all, one)
		}
	}
	return all
}

// stored are the objects that the storage has.
func (w *world) stored() (keys []string) {
	w.Helper()
	for list := w.bucket.List(nil); ; {
		one, err := list.Next(w.Ctx)
		if err != nil {
			require.ErrorIs(w, err, io.EOF)
			return keys
		}
		keys = append(keys, one.Key)
	}
}

// unpacked are the files of an archive.
func (w *world) unpacked(offered workspace.ExportFinished) map[string][]byte {
	w.Helper()
	reader, err := archives.New(w.bucket).Open(w.Ctx, w.Workspace, offered.Object)
	require.NoError(w, err)
	content, err := io.ReadAll(reader)
	require.NoError(w, err)
	require.NoError(w, reader.Close())
	require.EqualValues(w, len(content), offered.Bytes)
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(w, err)
	files := map[string][]byte{}
	for _, file := range packed.File {
		opened, err := file.Open()
		require.NoError(w, err)
		files[file.Name], err = io.ReadAll(opened)
		require.NoError(w, err)
	}
	return files
}

// read decodes JSON.
func read(t *testing.T, content []byte) (value any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(content, &value), "%s", content)
	return value
}

// pictures are the media of a test: what happens when they are asked for.
type pictures func(ctx context.Context, do func(archive.Medium) error) error

// Each implements archive.Media.
func (p pictures) Each(ctx context.Context, _ domain.WorkspaceID, do func(archive.Medium) error) error {
	return p(ctx, do)
}

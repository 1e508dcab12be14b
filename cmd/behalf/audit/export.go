package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/export"
	"behalf/internal/config"
)

// Export writes the whole sealed history of a workspace into a file, which is
// checked as its receiver would before it gets its name: it is complete, or
// not there.
func Export(ctx context.Context, out io.Writer, source export.Source, workspace domain.WorkspaceID, file string) (err error) {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return &config.Error{Setting: "--out", Problem: file + " exists already"}
	}
	aside, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return &config.Error{Setting: "--out", Problem: "a file cannot be made there: " + reason(err)}
	}
	defer func() {
		_ = aside.Close()
		if err != nil {
			_ = os.Remove(aside.Name())
		}
	}()
	summary, err := source.Write(ctx, aside, workspace)
	if errors.Is(err, seal.ErrUnsealed) {
		return fmt.Errorf("nothing of this workspace is sealed yet: %w", err)
	}
	if err != nil {
		return err
	}
	if err := aside.Sync(); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the export again: %w", err)
	}
	again := func(done, total int64) { source.Progress("reading it again", done, total) }
	if _, err := checkExport(ctx, aside, source.Known, again); err != nil {
		return err
	}
	if err := os.Rename(aside.Name(), file); err != nil {
		return fmt.Errorf("name the export: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: %d events in %d streams, as of %d events of %s.\n", file, summary.Events, summary.Streams, summary.Size, summary.Origin)
	return err
}

func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// Prove prints the proof of an event, to be checked offline.
func (a Auditor) Prove(ctx context.Context, out io.Writer, id domain.EventID) error {
	proof, err := seal.NewLog(a.Reader.Pool).Prove(ctx, eventstore.Scope{}, id)
	if err != nil {
		return err
	}
	return writeJSON(out, proof)
}

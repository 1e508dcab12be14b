package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/export"
	"behalf/eventstore/seal/verify"
)

// Verify compares a database with a checkpoint and says what it found. The
// error is ErrFound, naming the first bad position, when something is wrong.
func Verify(ctx context.Context, out io.Writer, pool *pgxpool.Pool, signed []byte, known checkpoint.Verifiers, progress verify.Progress) error {
	report, err := verify.Database(ctx, pool, signed, known, progress)
	if err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	if report.Fine() {
		_, err := fmt.Fprintf(out, "%s: all %d events up to position %d are what was sealed. %s\n",
			report.Checkpoint.Origin, report.Events, report.Position, newer(report.Newer))
		return err
	}
	return told(out, report.Findings)
}

func newer(events int64) string {
	switch events {
	case 0:
		return "None is newer."
	case 1:
		return "One newer event is not covered by this checkpoint."
	default:
		return fmt.Sprintf("%d newer events are not covered by this checkpoint.", events)
	}
}

// told prints findings, and is the error that they are.
func told(out io.Writer, findings []verify.Finding) error {
	for _, finding := range findings {
		if _, err := fmt.Fprintln(out, finding); err != nil {
			return err
		}
	}
	where := "at"
	if !findings[0].Exact {
		where = "at or after"
	}
	return fmt.Errorf("%w: the first bad position is %s %d", ErrFound, where, findings[0].Position)
}

// VerifyExport checks an export offline.
func VerifyExport(ctx context.Context, out io.Writer, file string, known checkpoint.Verifiers, progress verify.Progress) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	summary, err := checkExport(ctx, opened, known, progress)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: the export is genuine and whole: %d events in %d streams of %s, as of %d events of the log.\n",
		summary.Origin, summary.Events, summary.Streams, summary.Workspace, summary.Size)
	return err
}

// checkExport reads an open export as its receiver does, from its beginning.
func checkExport(ctx context.Context, file *os.File, known checkpoint.Verifiers, progress verify.Progress) (export.Summary, error) {
	info, err := file.Stat()
	if err != nil {
		return export.Summary{}, fmt.Errorf("read the export: %w", err)
	}
	return export.Check(&watched{ctx: ctx, from: file, total: info.Size(), progress: progress}, known)
}

// watched is a file that is read until ctx ends, and that says how far it is.
type watched struct {
	ctx         context.Context // that of one reading: an io.Reader cannot be given it otherwise
	from        io.Reader
	done, total int64
	progress    verify.Progress
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.from.Read(p)
	w.done += int64(n)
	if n > 0 {
		w.progress(w.done, w.total)
	}
	return n, err
}

// maxProof is how long a file with a proof may be: an event and its path.
const maxProof = 64 << 20

// VerifyProof checks a proof offline. A proof is small: it needs no progress.
func VerifyProof(_ context.Context, out io.Writer, file string, known checkpoint.Verifiers, _ verify.Progress) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	var proof seal.Proof
	decoder := json.NewDecoder(io.LimitReader(opened, maxProof))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&proof); err != nil || decoder.More() {
		return fmt.Errorf("%w: the file is not a proof", ErrFound)
	}
	signed, err := proof.Check(known)
	switch {
	case errors.Is(err, seal.ErrBroken):
		return fmt.Errorf("%w: %w", ErrFound, err)
	case err != nil:
		return fmt.Errorf("the checkpoint: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: the event %s (%s, position %d) is in the log of %d events.\n",
		signed.Origin, proof.Event.ID, proof.Event.Type, proof.Event.Position, signed.Size)
	return err
}

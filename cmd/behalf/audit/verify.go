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
func VerifyExport(out io.Writer, file string, known checkpoint.Verifiers) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	summary, err := export.Check(opened, known)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: the export is genuine and whole: %d events in %d streams of %s, as of %d events of the log.\n",
		summary.Origin, summary.Events, summary.Streams, summary.Workspace, summary.Size)
	return err
}

// maxProof is how long a file with a proof may be: an event and its path.
const maxProof = 64 << 20

// VerifyProof checks a proof offline.
func VerifyProof(out io.Writer, file string, known checkpoint.Verifiers) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	var proof seal.Proof
	decoder := json.NewDecoder(io.LimitReader(opened, maxProof))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&proof); err != nil {
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

package audit

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/verify"
	"behalf/projections"
	"behalf/projections/rebuild"
)

// Fsck checks a whole database and trusts nothing in it.
type Fsck struct {
	Engine   *pgxpool.Pool     // under eventstore.RoleEngine
	Owner    *pgxpool.Pool     // under eventstore.RoleOwner; nil: views are not compared
	Store    *eventstore.Store // over Owner, or over Engine without it
	Known    checkpoint.Verifiers
	Folder   checkpoint.Folder
	Progress func(stage string, done, total int64)
}

// Run checks every event for itself and in its stream, the tree and all signed
// checkpoints, and compares each view with what a rebuild makes of the log. It
// prints what it did and found; the error is ErrFound when anything is wrong.
func (f Fsck) Run(ctx context.Context, out io.Writer) error {
	var failed error
	for _, step := range []func(context.Context, io.Writer) error{f.events, f.seal, f.views} {
		err := step(ctx, out)
		if err != nil && !errors.Is(err, ErrFound) {
			return err
		}
		if failed == nil {
			failed = err
		}
	}
	return failed
}

func (f Fsck) stage(name string) verify.Progress {
	return func(done, total int64) { f.Progress(name, done, total) }
}

func (f Fsck) events(ctx context.Context, out io.Writer) error {
	findings, err := verify.Events(ctx, f.Engine, f.Store.Registry(), f.stage("events"))
	if err != nil {
		return err
	}
	if len(findings) > 0 {
		return told(out, findings)
	}
	_, err = fmt.Fprintln(out, "events: versions, ids, workspaces and contents are whole")
	return err
}

// seal compares the log with the newest checkpoint of the database and with
// the one that left it. On the way every stored checkpoint is looked at.
func (f Fsck) seal(ctx context.Context, out io.Writer) error {
	var signed [][]byte
	outside, err := f.Folder.Latest()
	if err != nil {
		return err
	}
	if outside != nil {
		signed = append(signed, outside)
	}
	latest, err := seal.NewLog(f.Engine).Latest(ctx)
	switch {
	case errors.Is(err, seal.ErrUnsealed):
	case err != nil:
		return err
	case string(latest.Note) != string(outside):
		signed = append(signed, latest.Note)
	}
	if len(signed) == 0 {
		_, err := fmt.Fprintln(out, "seal: nothing is sealed yet")
		return err
	}
	for _, one := range signed {
		err := Verify(ctx, out, f.Engine, one, f.Known, f.stage("seal"))
		if errors.Is(err, checkpoint.ErrUntrusted) || errors.Is(err, checkpoint.ErrForged) || errors.Is(err, checkpoint.ErrMalformed) {
			return fmt.Errorf("%w: %w", ErrFound, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f Fsck) views(ctx context.Context, out io.Writer) error {
	if f.Owner == nil {
		return nil
	}
	var failed error
	for _, view := range projections.Views() {
		_, differences, err := rebuild.Compare(ctx, f.Owner, f.Store, view, rebuild.Options{
			Progress: func(at rebuild.Progress) { f.Progress("view "+view.Name, at.Done, at.Total) },
		})
		if err != nil {
			return fmt.Errorf("compare the view %s: %w", view.Name, err)
		}
		for _, d := range differences {
			if d.Wrong+d.Absent > 0 {
				failed = fmt.Errorf("%w: the view %s is not what the log says", ErrFound, view.Name)
			}
			if _, err := fmt.Fprintf(out, "view %s, table %s: %d rows, %d wrong, %d absent\n", view.Name, d.Table, d.Rows, d.Wrong, d.Absent); err != nil {
				return err
			}
		}
	}
	return failed
}

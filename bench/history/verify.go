package history

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/bench/measure"
	"behalf/cmd/behalf/audit"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/projections"
	"behalf/projections/viewtest"
)

// auditVerify compares "behalf audit verify" with copying the same rows out of
// Postgres and hashing the bytes.
func auditVerify() measure.Row {
	return measure.Row{Name: "audit verify", Bars: []measure.Bar{{Unit: "events/s", Limit: .5}}, Open: openVerify}
}

func openVerify(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return measure.Sides{}, err
	}
	if err := projections.Install(ctx, super); err != nil {
		return measure.Sides{}, err
	}
	if err := viewtest.Load(ctx, super, bench.Events); err != nil {
		return measure.Sides{}, err
	}
	if _, err := super.Exec(ctx, "vacuum analyze log.events"); err != nil {
		return measure.Sides{}, err
	}
	engine, err := bench.Under(ctx, super, eventstore.RoleEngine)
	if err != nil {
		return measure.Sides{}, err
	}
	signed, known, err := sealed(ctx, bench, engine)
	if err != nil {
		return measure.Sides{}, err
	}
	rate := func(work func() error) ([]float64, error) {
		begun := time.Now()
		err := work()
		return []float64{float64(bench.Events) / time.Since(begun).Seconds()}, err
	}
	return measure.Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			return rate(func() error { return audit.Verify(ctx, io.Discard, engine, signed, known, nil) })
		},
		Reference: func(ctx context.Context) ([]float64, error) {
			return rate(func() error { return hashLog(ctx, super) })
		},
	}, nil
}

// sealed seals a log, and answers the checkpoint that an auditor holds.
func sealed(ctx context.Context, bench *measure.Bench, engine *pgxpool.Pool) ([]byte, checkpoint.Verifiers, error) {
	folder, err := os.MkdirTemp("", "behalf-bench-seal-")
	if err != nil {
		return nil, nil, err
	}
	bench.Cleanup(func() error { return os.RemoveAll(folder) })
	private, err := checkpoint.Generate("bench")
	if err != nil {
		return nil, nil, err
	}
	sealer, err := seal.NewSealer(seal.Options{Pool: engine, Keys: private, Folder: checkpoint.Folder(folder)})
	if err != nil {
		return nil, nil, err
	}
	if err := sealer.SealOnce(ctx); err != nil {
		return nil, nil, fmt.Errorf("seal the log: %w", err)
	}
	known, err := checkpoint.Folder(folder).Keys()
	if err != nil {
		return nil, nil, err
	}
	signed, err := checkpoint.Folder(folder).Latest()
	return signed, known, err
}

// hashLog reads all rows of the log, and does nothing with them but hash them.
func hashLog(ctx context.Context, super *pgxpool.Pool) error {
	conn, err := super.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	digest := sha256.New()
	_, err = conn.Conn().PgConn().CopyTo(ctx, digest, `
copy (
	select *
	from log.events
	order by position
) to stdout`)
	digest.Sum(nil)
	return err
}

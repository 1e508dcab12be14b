package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
)

const sqlTake = `
insert into workers.exports as known (export_id, taken_until)
values ($1, clock_timestamp() + $2::interval)
on conflict (export_id) do update
set
	taken_until = excluded.taken_until,
	tries = known.tries + 1
where known.taken_until <= clock_timestamp()
returning tries`

const sqlRenew = `
update workers.exports
set taken_until = clock_timestamp() + $2::interval
where export_id = $1
	and tries = $3
	and taken_until > clock_timestamp()`

const sqlLeave = `
update workers.exports
set taken_until = clock_timestamp() + $2::interval
where export_id = $1
	and tries = $3`

const sqlForget = `
delete from workers.exports
where export_id = $1`

const longestPause = 10 * time.Minute // between two tries that failed

// errLost says that somebody else has taken over: this process was too slow.
var errLost = errors.New("the lease is somebody else's")

// leased does something while nobody else is at the export, if nobody is. A
// failure is left alone for a while that grows.
func (a *Archivist) leased(ctx context.Context, id domain.ExportID, do func(context.Context) error) error {
	tries, err := a.take(ctx, id)
	if err != nil || tries == 0 {
		return err
	}
	leased, lose := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		a.renew(leased, id, tries, lose)
	}()
	err = do(leased)
	lose(nil)
	<-renewed
	if errors.Is(context.Cause(leased), errLost) {
		return errors.Join(err, errLost)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err == nil {
		_, err = a.Pool.Exec(ending, sqlForget, uuid(id))
		return err
	}
	pause := min(time.Second<<min(tries-1, 20), longestPause)
	if errors.Is(err, errLater) || ctx.Err() != nil {
		pause = 0
	}
	_, failed := a.Pool.Exec(ending, sqlLeave, uuid(id), pause, tries)
	return errors.Join(err, failed)
}

// take answers which try this is, or 0 when somebody is at it.
func (a *Archivist) take(ctx context.Context, id domain.ExportID) (tries int, err error) {
	err = a.Pool.QueryRow(ctx, sqlTake, uuid(id), a.Lease).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("take an export: %w", err)
	}
	return tries, nil
}

// renew keeps the lease until ctx ends; when it cannot, it ends ctx.
func (a *Archivist) renew(ctx context.Context, id domain.ExportID, tries int, lose context.CancelCauseFunc) {
	ticker := time.NewTicker(a.Lease / 4)
	defer ticker.Stop()
	until := time.Now().Add(a.Lease)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		tag, err := a.Pool.Exec(ctx, sqlRenew, uuid(id), a.Lease, tries)
		switch {
		case err == nil && tag.RowsAffected() == 1:
			until = asked.Add(a.Lease)
		case err == nil, time.Now().After(until):
			lose(errLost)
			return
		}
	}
}

func uuid(id domain.ExportID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

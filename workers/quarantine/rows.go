package quarantine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/domain/post"
)

// Open is the quarantine that holds.
type Open struct {
	ID        uuid.UUID
	Since     time.Time // what happened after this may be missing
	Begun     time.Time // what fell due after this was sent by nobody
	Position  int64     // of the log when it began
	Origin    int64     // of the last that happened by Since
	Forfeited bool      // nobody is asked any more: what is left is unknown
}

const sqlOpen = `
select id, since, begun_at, position, origin, forfeited_at is not null
from log.quarantines
where ended_at is null`

func readOpen(ctx context.Context, pool *pgxpool.Pool) (q Open, open bool, err error) {
	err = pool.QueryRow(ctx, sqlOpen).Scan(&q.ID, &q.Since, &q.Begun, &q.Position, &q.Origin, &q.Forfeited)
	if errors.Is(err, pgx.ErrNoRows) {
		return Open{}, false, nil
	}
	if err != nil {
		return Open{}, false, fmt.Errorf("read the quarantine: %w", err)
	}
	return q, true, nil
}

// left is a target that no network was asked about yet.
type left struct {
	Workspace domain.WorkspaceID
	Post      domain.PostID
	Account   domain.AccountID
	State     post.TargetState
	Due       time.Time
}

// What is claimed is reconciled as ever, as long as anybody is asked.
const sqlLeft = `
select workspace_id, post_id, account_id, state, due
from log.unreconciled()
where not_before <= clock_timestamp()
and (state <> 'claimed' or $1)
order by due
limit $2`

func readLeft(ctx context.Context, pool *pgxpool.Pool, claimed bool, limit int) ([]left, error) {
	found, err := pool.Query(ctx, sqlLeft, claimed, limit)
	if err != nil {
		return nil, fmt.Errorf("list what is to be asked about: %w", err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (one left, err error) {
		var ws, id, on uuid.UUID
		err = row.Scan(&ws, &id, &on, &one.State, &one.Due)
		one.Workspace, one.Post, one.Account = domain.WorkspaceID(ws), domain.PostID(id), domain.AccountID(on)
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what is to be asked about: %w", err)
	}
	return all, nil
}

// sqlStands is whether the quarantine is the one that was read: one that was
// widened since asks about more, and anew.
const sqlStands = `
exists (
	select
	from log.quarantines as q
	where q.id = $1
	and q.begun_at = $4
)`

// taking lasts as long as one question may, and a crash delays the next one.
const sqlTake = `
insert into log.reconsidered as r (quarantine_id, post_id, account_id, tries, not_before)
select $1::uuid, $2::uuid, $3::uuid, 1, clock_timestamp() + $5::interval
where` + sqlStands + `
on conflict (quarantine_id, post_id, account_id) do update
set
	tries = r.tries + 1,
	not_before = excluded.not_before
where r.not_before <= clock_timestamp()
returning tries`

// take lets one process ask; false when another one does, or the quarantine was
// widened meanwhile.
func take(ctx context.Context, pool *pgxpool.Pool, q Open, one left, life time.Duration) (tries int, taken bool, err error) {
	err = pool.QueryRow(ctx, sqlTake, q.ID, uuid.UUID(one.Post), uuid.UUID(one.Account), q.Begun, life).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("take a target to ask about: %w", err)
	}
	return tries, true, nil
}

const sqlRecord = `
update log.reconsidered
set
	outcome = nullif($5, ''),
	code = $6,
	not_before = clock_timestamp() + $7::interval
where quarantine_id = $1
and post_id = $2
and account_id = $3
and` + sqlStands

// record keeps what was found out; nothing happens when the quarantine was
// widened meanwhile.
func record(ctx context.Context, pool *pgxpool.Pool, q Open, one left, found Finding) error {
	_, err := pool.Exec(ctx, sqlRecord, q.ID, uuid.UUID(one.Post), uuid.UUID(one.Account), q.Begun, string(found.Outcome), found.Code, found.Again)
	if err != nil {
		return fmt.Errorf("record what a network said: %w", err)
	}
	return nil
}

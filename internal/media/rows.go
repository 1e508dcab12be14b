package media

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"behalf/domain"
)

// request is what an earlier request with an idempotency key has made.
type request struct {
	item     Item
	received [sha256.Size]byte
}

// hashed is nil without a key.
func (u Upload) hashed() []byte {
	if u.Request == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(u.Request))
	return sum[:]
}

// requested finds what the upload's key has made; the zero request when nothing.
func (k *Keeper) requested(ctx context.Context, u Upload) (known request, err error) {
	if u.Request == "" {
		return request{}, nil
	}
	batch := within(u.Workspace)
	batch.Queue(`
		select received, `+itemColumns+`
		from media.items
		where workspace_id = $1
		  and uploader_id = $2
		  and request = $3
		  and state = 'ready'`, [16]byte(u.Workspace), [16]byte(u.Uploader), u.hashed(),
	).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (request, error) {
			var one request
			var sum []byte
			i := &one.item
			err := row.Scan(&sum, (*[16]byte)(&i.ID), (*[16]byte)(&i.Workspace), (*[16]byte)(&i.Uploader), (*string)(&i.Type), &i.Bytes,
				&i.Width, &i.Height, &i.Duration, &i.Alt, &i.Thumbnail, &i.CreatedAt)
			copy(one.received[:], sum)
			return one, err
		})
		if err == nil && len(found) > 0 {
			known = found[0]
		}
		return err
	})
	if err := k.pool.SendBatch(ctx, batch).Close(); err != nil {
		return request{}, fmt.Errorf("look for an earlier upload: %w", err)
	}
	return known, nil
}

// begin makes the row that stands before the first blob. What is on its way
// counts as much as was announced.
func (k *Keeper) begin(ctx context.Context, item Item, announced int64) error {
	batch := within(item.Workspace)
	batch.Queue(`
		insert into media.items (id, workspace_id, uploader_id, state, bytes)
		select $1, $2, $3, 'arriving', $4::bigint
		where $4::bigint + (
			select coalesce(sum(bytes), 0)
			from media.items
			where workspace_id = $2
			  and state <> 'gone'
		) <= $5::bigint`, [16]byte(item.ID), [16]byte(item.Workspace), [16]byte(item.Uploader), max(announced, 0), k.limits.Quota,
	).Exec(metOne)
	return k.within(ctx, batch, "begin an upload")
}

// finish makes the item ready, if it still fits. Whoever finishes first with an
// idempotency key is answered to all.
func (k *Keeper) finish(ctx context.Context, r *reception) (known request, err error) {
	item := &r.item
	batch := within(item.Workspace)
	batch.Queue(`select pg_advisory_xact_lock(hashtextextended('media.items', 0) # hashtextextended($1::uuid::text, 0))`, [16]byte(item.Workspace))
	batch.Queue(`
		update media.items
		set state = 'ready',
		    bytes = $3::bigint, type = $4, width = $5, height = $6, duration = $7, alt = $8, has_thumbnail = $9,
		    received = $10, request = $11,
		    created_at = now(),
		    touched_at = now()
		where id = $1
		  and state = 'arriving'
		  and $3::bigint + (
			select coalesce(sum(bytes), 0)
			from media.items
			where workspace_id = $2
			  and state = 'ready'
		  ) <= $12::bigint
		returning created_at`, [16]byte(item.ID), [16]byte(item.Workspace), item.Bytes, string(item.Type), item.Width, item.Height,
		item.Duration, item.Alt, item.Thumbnail, r.body.sum.Sum(nil), r.hashed(), k.limits.Quota,
	).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&item.CreatedAt)
		if errors.Is(err, pgx.ErrNoRows) {
			return errQuota
		}
		return err
	})
	err = k.within(ctx, batch, "finish an upload")
	var answered *pgconn.PgError
	if errors.As(err, &answered) && answered.ConstraintName == "items_once" {
		return k.requested(ctx, r.Upload)
	}
	return request{}, err
}

func metOne(tag pgconn.CommandTag) error {
	if tag.RowsAffected() == 0 {
		return errQuota
	}
	return nil
}

// within sends a batch whose last statement meets no row when the quota is used up.
func (k *Keeper) within(ctx context.Context, batch *pgx.Batch, what string) error {
	err := k.pool.SendBatch(ctx, batch).Close()
	switch {
	case errors.Is(err, errQuota):
		return k.full()
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// discardPatience is how long tidying up may take after a request has ended, and removing
// one blob at any time.
const discardPatience = 10 * time.Second

// discard takes back what was begun. What it cannot, the sweeper does.
func (k *Keeper) discard(ctx context.Context, item Item) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardPatience)
	defer cancel()
	if err := k.remove(ctx, item.Workspace, item.ID); err != nil {
		k.logger.WarnContext(ctx, "an upload that was broken off is left to the sweeper", "error", err)
	}
}

// writing is how long a command that names an item may take.
const writing = 30 * time.Second

// Delete takes an item away for good: from now on nobody finds it, and its
// content goes. Whether a post still needs it is the caller's to ask; one that is
// being written at this moment is refused. What is gone already is no error.
func (k *Keeper) Delete(ctx context.Context, workspace domain.WorkspaceID, id domain.MediaID) error {
	err := k.remove(ctx, workspace, id)
	if errors.Is(err, ErrStore) {
		k.logger.WarnContext(ctx, "a deleted medium's content is left to the sweeper", "error", err)
		return nil
	}
	return err
}

// remove refuses what a command has named a moment ago: its event may be on its
// way. That is asked by the change itself, so that whoever names the item at the
// same time is either seen here, or does not find it any more.
func (k *Keeper) remove(ctx context.Context, workspace domain.WorkspaceID, id domain.MediaID) error {
	batch := within(workspace)
	batch.Queue(`
		update media.items
		set state = 'gone',
		    alt = ''
		where id = $1
		  and workspace_id = $2
		  and not (
			state = 'ready'
			and touched_at > created_at
			and touched_at > clock_timestamp() - $3::interval
		  )`, [16]byte(id), [16]byte(workspace), writing)
	batch.Queue(`
		select count(*)
		from media.items
		where id = $1
		  and workspace_id = $2
		  and state = 'ready'`, [16]byte(id), [16]byte(workspace),
	).QueryRow(func(row pgx.Row) error {
		var left int
		err := row.Scan(&left)
		if err == nil && left > 0 {
			err = domain.Clash(0, "media_in_use", "A post that names it is being written, or was a moment ago.")
		}
		return err
	})
	if err := k.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("delete a medium: %w", err)
	}
	return k.store.removeAll(ctx, workspace, id)
}

package media

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// Uses tells which media posts name.
type Uses interface {
	// Used returns those of the media that a post of theirs names, drafts
	// included, as of all that happened until a moment ago. An error when it
	// cannot say so for sure.
	Used(ctx context.Context, media []domain.MediaID) (map[domain.MediaID]bool, error)
}

// Unnamed are the uses of media while no event names any.
type Unnamed struct{}

// Used says that no post does.
func (Unnamed) Used(context.Context, []domain.MediaID) (map[domain.MediaID]bool, error) {
	return map[domain.MediaID]bool{}, nil
}

// Ages are how long things are kept. All are required.
type Ages struct {
	Arriving time.Duration // an upload that did not end: longer than the longest one takes
	Unused   time.Duration // what no post has ever named
	Used     time.Duration // what no post names any more
}

// StandardAges are those of an installation that sets none.
func StandardAges() Ages {
	return Ages{Arriving: 2 * time.Hour, Unused: 24 * time.Hour, Used: 30 * 24 * time.Hour}
}

// Swept counts what a sweep found.
type Swept struct{ Unused, Deleted, Broken int }

const sweepPage = 500

// noticed is how old the time may be at which an item was last seen in use,
// before it is written again.
const noticed = 12 * time.Hour

// Sweep deletes what is unused for long, of workspaces that were deleted, or
// never arrived. It needs the engine's role. Sweeping in two processes at once
// does no harm.
func (k *Keeper) Sweep(ctx context.Context, uses Uses, ages Ages) (Swept, error) {
	var swept Swept
	var failed error
	for _, step := range []func(context.Context, Uses, Ages, *Swept) error{k.sweepUnused, k.sweepDeleted, k.sweepGone} {
		failed = errors.Join(failed, step(ctx, uses, ages, &swept))
	}
	return swept, failed
}

// sweepUnused looks at every item that was not touched or seen in use lately.
func (k *Keeper) sweepUnused(ctx context.Context, uses Uses, ages Ages, swept *Swept) error {
	var after domain.MediaID
	for {
		rows, err := k.pool.Query(ctx, `
			select id
			from media.items
			where state = 'ready'
			  and id > $1
			  and greatest(touched_at, used_at) < clock_timestamp() - $2::interval
			order by id
			limit $3`, [16]byte(after), min(noticed, ages.Unused, ages.Used), sweepPage)
		if err != nil {
			return fmt.Errorf("look for unused media: %w", err)
		}
		old, err := pgx.CollectRows(rows, scanID)
		if err != nil {
			return fmt.Errorf("look for unused media: %w", err)
		}
		if len(old) == 0 {
			return nil
		}
		used, err := uses.Used(ctx, old)
		if err != nil {
			return err
		}
		if err := k.judge(ctx, old, used, ages, swept); err != nil {
			return err
		}
		after = old[len(old)-1]
	}
}

// judge notes what is in use, and lets go what was not for long. Who names an
// item meanwhile touches it first, and keeps it by that.
func (k *Keeper) judge(ctx context.Context, old []domain.MediaID, used map[domain.MediaID]bool, ages Ages, swept *Swept) error {
	var seen, unseen []domain.MediaID
	for _, id := range old {
		if used[id] {
			seen = append(seen, id)
		} else {
			unseen = append(unseen, id)
		}
	}
	if _, err := k.pool.Exec(ctx, `
		update media.items
		set used_at = clock_timestamp()
		where id = any ($1)`, ids(seen)); err != nil {
		return fmt.Errorf("note media in use: %w", err)
	}
	tag, err := k.pool.Exec(ctx, `
		update media.items
		set state = 'gone',
		    alt = ''
		where id = any ($1)
		  and state = 'ready'
		  and case
			when used_at is null then touched_at < clock_timestamp() - $2::interval
			else greatest(touched_at, used_at) < clock_timestamp() - $3::interval
		  end`, ids(unseen), ages.Unused, ages.Used)
	if err != nil {
		return fmt.Errorf("let unused media go: %w", err)
	}
	swept.Unused += int(tag.RowsAffected())
	return nil
}

// sweepDeleted lets go all that belongs to workspaces of which the log says that
// they were deleted (R13).
func (k *Keeper) sweepDeleted(ctx context.Context, _ Uses, _ Ages, swept *Swept) error {
	tag, err := k.pool.Exec(ctx, `
		update media.items as i
		set state = 'gone',
		    alt = ''
		where i.state <> 'gone'
		  and exists (
			select
			from log.events as e
			where e.type = 'workspace.deleted.v1'
			  and e.stream = 'workspace-' || replace(i.workspace_id::text, '-', '')
		  )`)
	if err != nil {
		return fmt.Errorf("let media of deleted workspaces go: %w", err)
	}
	swept.Deleted += int(tag.RowsAffected())
	return nil
}

// DeleteWorkspace deletes all of a workspace's media at once: rows last, so that
// it can be done again where it was broken off. It needs the engine's role.
func (k *Keeper) DeleteWorkspace(ctx context.Context, workspace domain.WorkspaceID) error {
	if _, err := k.pool.Exec(ctx, `
		update media.items
		set state = 'gone',
		    alt = ''
		where workspace_id = $1`, [16]byte(workspace)); err != nil {
		return fmt.Errorf("let a workspace's media go: %w", err)
	}
	return k.destroy(ctx, `state = 'gone' and workspace_id = $2`, [16]byte(workspace))
}

// sweepGone deletes blobs and then rows, of what is gone and of what began to
// arrive and did not for long.
func (k *Keeper) sweepGone(ctx context.Context, _ Uses, ages Ages, swept *Swept) error {
	tag, err := k.pool.Exec(ctx, `
		update media.items
		set state = 'gone'
		where state = 'arriving'
		  and touched_at < clock_timestamp() - $1::interval`, ages.Arriving)
	if err != nil {
		return fmt.Errorf("let broken uploads go: %w", err)
	}
	swept.Broken += int(tag.RowsAffected())
	return k.destroy(ctx, `state = 'gone'`)
}

// destroy ends the items that the condition meets; it numbers its arguments from 2 on.
func (k *Keeper) destroy(ctx context.Context, condition string, arguments ...any) error {
	var after domain.MediaID
	var failed error
	for {
		rows, err := k.pool.Query(ctx, `
			select id, workspace_id
			from media.items
			where id > $1
			  and `+condition+`
			order by id
			limit `+fmt.Sprint(sweepPage), append([]any{[16]byte(after)}, arguments...)...)
		if err != nil {
			return fmt.Errorf("look for media that are gone: %w", err)
		}
		gone, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Item, err error) {
			err = row.Scan((*[16]byte)(&i.ID), (*[16]byte)(&i.Workspace))
			return i, err
		})
		if err != nil || len(gone) == 0 {
			return errors.Join(failed, err)
		}
		for _, item := range gone {
			failed = errors.Join(failed, k.end(ctx, item))
			after = item.ID
		}
	}
}

func (k *Keeper) end(ctx context.Context, item Item) error {
	if err := k.store.removeAll(ctx, item.Workspace, item.ID); err != nil {
		return err
	}
	if _, err := k.pool.Exec(ctx, `
		delete from media.items
		where id = $1
		  and state = 'gone'`, [16]byte(item.ID)); err != nil {
		return fmt.Errorf("forget a medium: %w", err)
	}
	return nil
}

func scanID(row pgx.CollectableRow) (id domain.MediaID, err error) {
	err = row.Scan((*[16]byte)(&id))
	return id, err
}

package shelf

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/internal/networks"
)

// Hold is the right to prepare one item, or to drop it. It ends by itself, so that whoever
// dies or freezes with it keeps nobody from going on.
type Hold struct {
	shelf *Shelf
	key   Key
	id    uuid.UUID
	life  time.Duration
}

const sqlTake = `
insert into workers.prepared (
	workspace_id, post_id, account_id, revision, connection_id, identity, held_by, held_until
)
values ($8, $1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval)
on conflict (post_id, account_id, revision, connection_id, identity) do update
set
	held_by = excluded.held_by,
	held_until = excluded.held_until,
	touched_at = clock_timestamp()
where prepared.held_until <= clock_timestamp()
returning made, ready, doubted`

// Take begins to prepare, from what was made so far, for so long after each
// saving and renewal. It fails with ErrHeld while somebody else does.
func (s *Shelf) Take(ctx context.Context, k Key, life time.Duration) (*Hold, Item, error) {
	return s.take(ctx, sqlTake, k, life, uuid.UUID(k.Workspace))
}

const sqlSeize = `
update workers.prepared
set
	held_by = $6,
	held_until = clock_timestamp() + $7::interval,
	touched_at = clock_timestamp()
where post_id = $1 and account_id = $2 and revision = $3 and connection_id = $4 and identity = $5
and held_until <= clock_timestamp()
returning made, ready, doubted`

// Seize is Take for whoever may drop an item: who needs it waits until they have
// decided. It fails with ErrHeld where there is none, too.
func (s *Shelf) Seize(ctx context.Context, k Key, life time.Duration) (*Hold, Item, error) {
	return s.take(ctx, sqlSeize, k, life)
}

func (s *Shelf) take(ctx context.Context, statement string, k Key, life time.Duration, more ...any) (*Hold, Item, error) {
	h := &Hold{shelf: s, key: k, id: uuid.New(), life: life}
	item := Item{Key: k, Held: true}
	var made []byte
	parameters := append([]any{uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity, h.id, life}, more...)
	err := s.pool.QueryRow(ctx, statement, parameters...).Scan(&made, &item.Ready, &item.Doubted)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, Item{}, ErrHeld
	case err != nil:
		return nil, Item{}, fmt.Errorf("take what is prepared: %w", err)
	}
	if len(made) > 0 {
		item.Made = made
	}
	return h, item, nil
}

const sqlSave = `
update workers.prepared
set
	made = $7,
	ready = $8,
	held_until = case when $8 then '-infinity' else clock_timestamp() + $9::interval end,
	touched_at = clock_timestamp()
where post_id = $1 and account_id = $2 and revision = $3 and connection_id = $4 and identity = $5
and held_by = $6
and held_until > clock_timestamp()`

// Save keeps what has been made so far (networks.Save). ErrLost: the hold ended.
func (h *Hold) Save(ctx context.Context, made networks.Prepared) error {
	return h.save(ctx, made, false)
}

// Done keeps what was made, with nothing left to be made, and gives the hold up.
func (h *Hold) Done(ctx context.Context, made networks.Prepared) error {
	return h.save(ctx, made, true)
}

func (h *Hold) save(ctx context.Context, made networks.Prepared, ready bool) error {
	if made == nil {
		made = networks.Prepared{}
	}
	k := h.key
	tag, err := h.shelf.pool.Exec(ctx, sqlSave, uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity,
		h.id, []byte(made), ready, h.life)
	switch {
	case err != nil:
		return fmt.Errorf("save what is prepared: %w", err)
	case tag.RowsAffected() == 0:
		return ErrLost
	default:
		return nil
	}
}

const sqlRenew = `
update workers.prepared
set held_until = clock_timestamp() + $7::interval
where post_id = $1 and account_id = $2 and revision = $3 and connection_id = $4 and identity = $5
and held_by = $6
and held_until > clock_timestamp()`

// Keep renews the hold until stopped, so that it lasts as long as its holder
// lives and is awake, and hardly longer. A hold that has ended stays so.
func (h *Hold) Keep(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k := h.key
		ticker := time.NewTicker(h.life / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C: // what fails is seen when something is saved
				_, _ = h.shelf.pool.Exec(ctx, sqlRenew, uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity,
					h.id, h.life)
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

const sqlGiveUp = `
update workers.prepared
set held_until = '-infinity'
where post_id = $1 and account_id = $2 and revision = $3 and connection_id = $4 and identity = $5
and held_by = $6`

// GiveUp lets others go on.
func (h *Hold) GiveUp(ctx context.Context) error {
	k := h.key
	_, err := h.shelf.pool.Exec(ctx, sqlGiveUp, uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity, h.id)
	if err != nil {
		return fmt.Errorf("give up preparing: %w", err)
	}
	return nil
}

const sqlDropHeld = sqlDrop + `
and held_by = $6
and held_until > clock_timestamp()`

// Drop forgets the item: nobody finds it from then on. ErrLost: the hold ended.
func (h *Hold) Drop(ctx context.Context) error {
	k := h.key
	tag, err := h.shelf.pool.Exec(ctx, sqlDropHeld, uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity, h.id)
	switch {
	case err != nil:
		return fmt.Errorf("drop what is prepared: %w", err)
	case tag.RowsAffected() == 0:
		return ErrLost
	default:
		return nil
	}
}

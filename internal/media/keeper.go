package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/internal/media/clean"
)

// Options are what a Keeper works with. All but the last four are required.
type Options struct {
	Pool   *pgxpool.Pool // under the API's role, or the engine's to sweep
	Store  *Store
	Limits Limits
	Key    [32]byte         // signs public addresses; derived from the master key
	Public string           // where Behalf is reached, without a path
	Unseen bool             // networks cannot fetch from there: it is an address of this machine
	Now    func() time.Time // of addresses; time.Now when nil
	Logger *slog.Logger     // nothing is logged when nil
}

// Keeper keeps media. It is safe for concurrent use and starts no goroutines.
type Keeper struct {
	pool     *pgxpool.Pool
	store    *Store
	limits   Limits
	key      [32]byte
	public   string
	unseen   bool
	now      func() time.Time
	logger   *slog.Logger
	uploads  slots
	decoders slots
}

// uploadsAtOnce bounds what one process receives at a time: what describes a
// film is held in memory.
const uploadsAtOnce = 32

// New makes a keeper.
func New(o Options) *Keeper {
	k := &Keeper{
		pool: o.Pool, store: o.Store, limits: o.Limits, key: o.Key, public: o.Public, unseen: o.Unseen, now: o.Now, logger: o.Logger,
		uploads: make(slots, uploadsAtOnce), decoders: make(slots, min(2, runtime.GOMAXPROCS(0))),
	}
	if k.now == nil {
		k.now = time.Now
	}
	if k.logger == nil {
		k.logger = slog.New(slog.DiscardHandler)
	}
	return k
}

// Limits are what it takes.
func (k *Keeper) Limits() Limits { return k.limits }

const itemColumns = `id, workspace_id, uploader_id, type, bytes, width, height, duration, alt, has_thumbnail, created_at`

func scanItem(row pgx.CollectableRow) (Item, error) {
	var i Item
	err := row.Scan(
		(*[16]byte)(&i.ID), (*[16]byte)(&i.Workspace), (*[16]byte)(&i.Uploader), (*string)(&i.Type), &i.Bytes,
		&i.Width, &i.Height, &i.Duration, &i.Alt, &i.Thumbnail, &i.CreatedAt,
	)
	return i, err
}

// within sends statements in one round trip and one transaction in which
// row-level security lets the API see the rows of that workspace.
func within(workspace domain.WorkspaceID) *pgx.Batch {
	batch := &pgx.Batch{}
	batch.Queue(`select set_config('behalf.workspace', $1::uuid::text, true)`, [16]byte(workspace))
	return batch
}

func ids(of []domain.MediaID) [][16]byte {
	raw := make([][16]byte, len(of))
	for i, id := range of {
		raw[i] = id
	}
	return raw
}

// Find returns those of the items that are there, by id.
func (k *Keeper) Find(ctx context.Context, workspace domain.WorkspaceID, wanted []domain.MediaID) (map[domain.MediaID]Item, error) {
	batch := within(workspace)
	batch.Queue(`
		select `+itemColumns+`
		from media.items
		where workspace_id = $1
		  and id = any ($2)
		  and state = 'ready'`, [16]byte(workspace), ids(wanted))
	return k.found(ctx, batch)
}

// Use returns those of the items that are there, by id, for a post that is about
// to name them: they are not swept before it had the time to.
func (k *Keeper) Use(ctx context.Context, workspace domain.WorkspaceID, wanted []domain.MediaID) (map[domain.MediaID]Item, error) {
	batch := within(workspace)
	batch.Queue(`
		update media.items
		set touched_at = clock_timestamp()
		where workspace_id = $1
		  and id = any ($2)
		  and state = 'ready'
		returning `+itemColumns, [16]byte(workspace), ids(wanted))
	return k.found(ctx, batch)
}

func (k *Keeper) found(ctx context.Context, batch *pgx.Batch) (map[domain.MediaID]Item, error) {
	found := map[domain.MediaID]Item{}
	list, err := k.list(ctx, batch)
	for _, item := range list {
		found[item.ID] = item
	}
	return found, err
}

// list reads what the second statement of a batch answers.
func (k *Keeper) list(ctx context.Context, batch *pgx.Batch) (list []Item, err error) {
	results := k.pool.SendBatch(ctx, batch)
	defer func() { err = errors.Join(err, results.Close()) }()
	if _, err := results.Exec(); err != nil {
		return nil, fmt.Errorf("read media: %w", err)
	}
	rows, err := results.Query()
	if err == nil {
		list, err = pgx.CollectRows(rows, scanItem)
	}
	if err != nil {
		return nil, fmt.Errorf("read media: %w", err)
	}
	return list, nil
}

// Page is a part of a list: the newest first, behind an id.
type Page struct {
	Uploader domain.UserID  // zero: everybody's
	Before   domain.MediaID // zero: from the newest on
	Limit    int
}

// List returns a workspace's items.
func (k *Keeper) List(ctx context.Context, workspace domain.WorkspaceID, page Page) ([]Item, error) {
	batch := within(workspace)
	batch.Queue(`
		select `+itemColumns+`
		from media.items
		where workspace_id = $1
		  and state = 'ready'
		  and ($2::uuid is null or uploader_id = $2)
		  and ($3::uuid is null or id < $3)
		order by id desc
		limit $4`, [16]byte(workspace), optional(page.Uploader), optional(page.Before), page.Limit)
	return k.list(ctx, batch)
}

func optional[K domain.Kind](id domain.ID[K]) *[16]byte {
	if id.IsZero() {
		return nil
	}
	return (*[16]byte)(&id)
}

// Describe changes what somebody reads who cannot see the item.
func (k *Keeper) Describe(ctx context.Context, workspace domain.WorkspaceID, id domain.MediaID, alt string) (Item, error) {
	if err := checkAlt(alt); err != nil {
		return Item{}, err
	}
	batch := within(workspace)
	batch.Queue(`
		update media.items
		set alt = $3
		where workspace_id = $1
		  and id = $2
		  and state = 'ready'
		returning `+itemColumns, [16]byte(workspace), [16]byte(id), alt)
	return one(k.list(ctx, batch))
}

func one(list []Item, err error) (Item, error) {
	if err == nil && len(list) == 0 {
		err = domain.Hidden()
	}
	if err != nil {
		return Item{}, err
	}
	return list[0], nil
}

func checkAlt(alt string) error {
	if alt != "" && !domain.IsText(alt, MaxAlt) {
		return domain.Wrong(0, "alt", "malformed_alt", "A description has at most 2000 characters and no control characters.")
	}
	return nil
}

// refused puts what is wrong with a file into a person's words.
func refused(err error) error {
	switch {
	case errors.Is(err, clean.ErrUnsupported):
		return domain.Wrong(0, "body", "media_unsupported", "JPEG, PNG, GIF, WebP, MP4 and QuickTime are taken, by what is in the file ("+err.Error()+").")
	case errors.Is(err, clean.ErrTruncated):
		return truncated()
	case errors.Is(err, clean.ErrBroken):
		return domain.Wrong(0, "body", "media_broken", "The file cannot be used: "+err.Error()+".")
	case errors.Is(err, clean.ErrTooComplex):
		return domain.Wrong(0, "body", "media_too_complex", "The file cannot be used: "+err.Error()+".")
	default:
		return err
	}
}

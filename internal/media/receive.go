package media

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/google/uuid"

	"behalf/domain"
	"behalf/internal/media/clean"
)

// Upload says who sends a file, and what they say about it.
type Upload struct {
	Workspace domain.WorkspaceID
	Uploader  domain.UserID
	Alt       string
	Announced int64  // bytes that are to come; -1 when nobody said
	Request   string // the Idempotency-Key; empty without one
}

// Receive takes a file in while it comes: nothing of it is held in memory but
// what describes a film. It answers the item, and whether the same file had come
// with the same idempotency key before. What is wrong with the file is a
// *domain.Refusal; ErrBusy, ErrKeyReused and ErrStore say the rest.
func (k *Keeper) Receive(ctx context.Context, u Upload, body io.Reader) (item Item, repeated bool, err error) {
	if err := checkAlt(u.Alt); err != nil {
		return Item{}, false, err
	}
	if !k.uploads.try() {
		return Item{}, false, ErrBusy
	}
	defer k.uploads.release()
	r := &reception{keeper: k, Upload: u, body: counted{from: body, sum: sha256.New(), most: max(k.limits.Image, k.limits.Video)}}
	if known, err := k.requested(ctx, u); err != nil || !known.item.ID.IsZero() {
		return r.again(known, err)
	}
	kind, src, err := clean.Begin(&r.body)
	if err != nil {
		return Item{}, false, refused(err)
	}
	if r.body.most = k.limits.Video; kind.IsImage() {
		r.body.most = k.limits.Image
	}
	if max(u.Announced, r.body.count) > r.body.most {
		return Item{}, false, r.body.tooLarge()
	}
	r.item = Item{
		ID: domain.MediaID(uuid.Must(uuid.NewV7())), Workspace: u.Workspace, Uploader: u.Uploader, Type: kind, Alt: u.Alt,
		Thumbnail: kind.IsImage(),
	}
	if err := k.begin(ctx, r.item, u.Announced); err != nil {
		return Item{}, false, err
	}
	known, err := r.take(ctx, src)
	if err != nil || !known.item.ID.IsZero() {
		k.discard(ctx, r.item)
		return r.again(known, err)
	}
	return r.item, false, nil
}

// reception is one file on its way in.
type reception struct {
	Upload
	keeper *Keeper
	body   counted
	item   Item
}

// take stores, measures and finishes. It answers the item that another request
// with the same key has made meanwhile, if one has.
func (r *reception) take(ctx context.Context, src *bufio.Reader) (known request, err error) {
	content := key(r.Workspace, r.item.ID, Content)
	var facts clean.Facts
	err = r.keeper.store.write(ctx, content, string(r.item.Type), func(w io.Writer) error {
		into := &counter{to: w}
		facts, err = clean.Copy(into, src, r.item.Type)
		r.item.Bytes = into.count
		return refused(err)
	})
	if err == nil && len(facts.Erase) > 0 {
		err = r.erase(ctx, content, facts.Erase)
	}
	if err != nil {
		return request{}, err
	}
	if r.item.Type.IsImage() {
		err = r.measure(ctx, content, facts)
	} else {
		r.item.Width, r.item.Height, r.item.Duration = facts.Width, facts.Height, facts.Duration
	}
	if err != nil {
		return request{}, err
	}
	return r.keeper.finish(ctx, r)
}

// erase writes the stored film once more, with zeros where its telemetry was.
func (r *reception) erase(ctx context.Context, content string, ranges []clean.Range) error {
	from, err := r.keeper.store.open(ctx, content)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	return r.keeper.store.write(ctx, content, string(r.item.Type), func(w io.Writer) error {
		_, err := clean.Erase(w, from, ranges)
		return err
	})
}

func (r *reception) measure(ctx context.Context, content string, facts clean.Facts) error {
	config, err := r.keeper.measure(ctx, content, facts.Frames)
	if err != nil {
		return err
	}
	r.item.Width, r.item.Height = config.Width, config.Height
	if facts.Orientation >= 5 {
		r.item.Width, r.item.Height = config.Height, config.Width
	}
	return r.keeper.shrink(ctx, content, key(r.Workspace, r.item.ID, Thumbnail), facts.Orientation)
}

// again answers what an earlier request with the same key was answered, if the
// same file comes.
func (r *reception) again(known request, err error) (Item, bool, error) {
	if err != nil {
		return Item{}, false, err
	}
	if _, err := io.Copy(io.Discard, &r.body); err != nil {
		return Item{}, false, err
	}
	if [sha256.Size]byte(r.body.sum.Sum(nil)) != known.received {
		return Item{}, false, ErrKeyReused
	}
	return known.item, true, nil
}

// counted is a body that is hashed, counted and cut off.
type counted struct {
	from  io.Reader
	sum   hash.Hash
	count int64
	most  int64
}

func (c *counted) Read(into []byte) (int, error) {
	n, err := c.from.Read(into)
	_, _ = c.sum.Write(into[:n])
	if c.count += int64(n); c.count > c.most {
		return 0, c.tooLarge()
	}
	return n, err
}

func (c *counted) tooLarge() error {
	return domain.Wrong(0, "body", "media_too_large", fmt.Sprintf("A file of this kind holds at most %d MB.", c.most>>20))
}

// counter counts what is written.
type counter struct {
	to    io.Writer
	count int64
}

func (c *counter) Write(piece []byte) (int, error) {
	n, err := c.to.Write(piece)
	c.count += int64(n)
	return n, err
}

var errQuota = errors.New("quota")

// full says that the workspace's share is used up.
func (k *Keeper) full() error {
	return domain.Clash(0, "media_quota", fmt.Sprintf("The workspace's media would take more than its %d MB. Delete some that no post uses.", k.limits.Quota>>20))
}

package media

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"time"

	"gocloud.dev/blob"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/internal/media/clean"
)

// Path is where public addresses begin: below it stands an item's id.
const Path = "/media/"

// addressesUntil is what the end of an address is rounded up to: the same one is
// given again meanwhile, and can be cached.
const addressesUntil = time.Hour

// What an address can be refused for.
var (
	// ErrForged: nobody here made this address, or what it shows is gone.
	ErrForged = errors.New("not an address that was given out")
	// ErrExpired: it was good once.
	ErrExpired = errors.New("the address has expired")
)

// Address is where anybody who has it can read a part of an item, for at least
// as long as it is to last and at most an hour more. It is below the public
// address of the installation.
func (k *Keeper) Address(id domain.MediaID, part Part, lasting time.Duration) string {
	expires := k.now().Add(lasting).Add(addressesUntil - 1).Truncate(addressesUntil).Unix()
	query := url.Values{"expires": {strconv.FormatInt(expires, 10)}, "signature": {k.sign(id, part, expires)}}
	if part != Content {
		query.Set("part", string(part))
	}
	return k.public + Path + id.String() + "?" + query.Encode()
}

func (k *Keeper) sign(id domain.MediaID, part Part, expires int64) string {
	mac := hmac.New(sha256.New, k.key[:])
	mac.Write([]byte("media address v1\x00"))
	mac.Write(id[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(expires))) //nolint:gosec // G115: the bits count
	mac.Write([]byte(part))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Blob is a part of an item that can be read from anywhere in it. Close it.
type Blob struct {
	*blob.Reader
	Type    clean.Type
	Since   time.Time
	Expires time.Time // of the address
}

// Follow opens what an address shows: ErrForged or ErrExpired when it cannot.
func (k *Keeper) Follow(ctx context.Context, id domain.MediaID, part Part, expires int64, signature string) (Blob, error) {
	if !hmac.Equal([]byte(k.sign(id, part, expires)), []byte(signature)) {
		return Blob{}, ErrForged
	}
	until := time.Unix(expires, 0)
	if !k.now().Before(until) {
		return Blob{}, ErrExpired
	}
	b := Blob{Expires: until}
	var workspace domain.WorkspaceID
	var small bool
	err := k.pool.QueryRow(ctx, `
		select workspace_id, type, has_thumbnail, touched_at
		from media.signed($1)`, [16]byte(id)).Scan((*[16]byte)(&workspace), (*string)(&b.Type), &small, &b.Since)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && part == Thumbnail && !small:
		return Blob{}, ErrForged
	case err != nil:
		return Blob{}, fmt.Errorf("look for a medium: %w", err)
	}
	b.Reader, err = k.store.open(ctx, key(workspace, id, part))
	if errors.Is(err, fs.ErrNotExist) {
		k.logger.ErrorContext(ctx, "a medium's content is missing in the store", "media", id.String(), "part", string(part))
	}
	if err == nil && part == Thumbnail {
		err = b.sniff()
	}
	return b, err
}

// sniff finds out which type a small picture has.
func (b *Blob) sniff() error {
	kind, _, err := clean.Begin(b.Reader)
	if err == nil {
		b.Type = kind
		_, err = b.Seek(0, 0)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("read a thumbnail: %w", err), b.Close())
	}
	return nil
}

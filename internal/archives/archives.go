// Package archives keeps the archives of exported workspaces (R13): one object
// each, in a folder of its workspace's own, in whatever storage it is given.
//
// An object is written under a name that nobody knows before the log says that
// the archive is ready, and never changes. What the log does not name, or no
// longer, is swept: whoever keeps the log decides what that is.
package archives

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"behalf/domain"
)

// ErrGone says that there is no such archive, or no longer.
var ErrGone = errors.New("there is no such archive")

// ContentType is what an archive is.
const ContentType = "application/zip"

const prefix = "exports/"

// Shelf is where archives are. It is safe for concurrent use.
type Shelf struct{ bucket *blob.Bucket }

// New makes a shelf of a part of a bucket, which stays its opener's to close.
func New(bucket *blob.Bucket) *Shelf { return &Shelf{bucket: bucket} }

// Stored says what was written.
type Stored struct {
	Object string // its name within the workspace's folder
	Bytes  int64
	SHA256 string // in hexadecimal digits
}

// Put stores what write writes, under a new name. When write fails nothing is
// stored.
func (s *Shelf) Put(ctx context.Context, ws domain.WorkspaceID, write func(io.Writer) error) (Stored, error) {
	object := strings.ToLower(rand.Text()) + ".zip"
	abandoned, abandon := context.WithCancel(ctx)
	defer abandon()
	to, err := s.bucket.NewWriter(abandoned, key(ws, object), &blob.WriterOptions{ContentType: ContentType})
	if err != nil {
		return Stored{}, fmt.Errorf("store an archive: %w", err)
	}
	counted := &counter{to: to, digest: sha256.New()}
	if err := write(counted); err != nil {
		abandon() // closing then stores nothing
		return Stored{}, errors.Join(err, ignoring(to.Close(), context.Canceled))
	}
	if err := to.Close(); err != nil {
		return Stored{}, fmt.Errorf("store an archive: %w", err)
	}
	return Stored{Object: object, Bytes: counted.bytes, SHA256: hex.EncodeToString(counted.digest.Sum(nil))}, nil
}

// Open reads an archive from anywhere; it is ErrGone when there is none. ctx
// lasts as long as the reading.
func (s *Shelf) Open(ctx context.Context, ws domain.WorkspaceID, object string) (io.ReadSeekCloser, error) {
	if !objectForm.MatchString(object) {
		return nil, ErrGone
	}
	reader, err := s.bucket.NewReader(ctx, key(ws, object), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ErrGone
	}
	if err != nil {
		return nil, fmt.Errorf("open an archive: %w", err)
	}
	return reader, nil
}

// Delete removes an archive. One that is gone already is no error.
func (s *Shelf) Delete(ctx context.Context, ws domain.WorkspaceID, object string) error {
	return s.delete(ctx, key(ws, object))
}

func (s *Shelf) delete(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete an archive: %w", err)
	}
	return nil
}

// DestroyAll removes all archives of a workspace.
func (s *Shelf) DestroyAll(ctx context.Context, ws domain.WorkspaceID) error {
	return s.each(ctx, key(ws, ""), func(found []*blob.ListObject) error {
		var failed error
		for _, one := range found {
			failed = errors.Join(failed, s.delete(ctx, one.Key))
		}
		return failed
	})
}

// Sweep removes the archives that kept does not name, of those that were stored
// before a moment. It answers how many those were.
func (s *Shelf) Sweep(ctx context.Context, before time.Time, kept func(ctx context.Context, objects []string) (map[string]bool, error)) (swept int, err error) {
	err = s.each(ctx, prefix, func(found []*blob.ListObject) error {
		var objects []string
		for _, one := range found {
			objects = append(objects, one.Key[strings.LastIndexByte(one.Key, '/')+1:])
		}
		keep, err := kept(ctx, objects)
		if err != nil {
			return err
		}
		for i, one := range found {
			if keep[objects[i]] || !one.ModTime.Before(before) {
				continue
			}
			if failed := s.delete(ctx, one.Key); failed != nil {
				err = errors.Join(err, failed)
				continue
			}
			swept++
		}
		return err
	})
	return swept, err
}

// perPage is how many objects are looked at together.
const perPage = 500

func (s *Shelf) each(ctx context.Context, below string, do func([]*blob.ListObject) error) error {
	for token := blob.FirstPageToken; token != nil; {
		found, next, err := s.bucket.ListPage(ctx, token, perPage, &blob.ListOptions{Prefix: below})
		if err != nil {
			return fmt.Errorf("list archives: %w", err)
		}
		if err := do(found); err != nil {
			return err
		}
		token = next
	}
	return nil
}

var objectForm = regexp.MustCompile(`^[a-z0-9]{20,40}\.zip$`)

// key is the object's whole name; of no object, the workspace's folder.
func key(ws domain.WorkspaceID, object string) string {
	return prefix + hex.EncodeToString(ws[:]) + "/" + object
}

// counter measures what is written.
type counter struct {
	to     io.Writer
	digest hash.Hash
	bytes  int64
}

func (c *counter) Write(content []byte) (int, error) {
	n, err := c.to.Write(content)
	_, _ = c.digest.Write(content[:n]) // never fails, see hash.Hash
	c.bytes += int64(n)
	return n, err
}

func ignoring(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

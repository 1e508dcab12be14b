package media

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3://bucket?region=…
	"gocloud.dev/gcerrors"

	"behalf/domain"
)

// Store is where blobs lie.
type Store struct {
	bucket *blob.Bucket
	folder string // empty unless it is one
}

// probePatience is how long opening waits for a store to take and give back a
// few bytes.
const probePatience = 15 * time.Second

// OpenStore opens "file:///folder" (made if it is not there) or
// "s3://bucket?region=…", and tries it: what cannot be written to is refused
// now, with the reason. Credentials of S3 come from its own environment
// variables or files, never from the address.
func OpenStore(ctx context.Context, address string) (*Store, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: its address is not one", ErrStore)
	}
	s := &Store{}
	switch parsed.Scheme {
	case "file":
		s.folder = parsed.Path
		s.bucket, err = fileblob.OpenBucket(s.folder, &fileblob.Options{
			CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		})
	case "s3":
		s.bucket, err = blob.OpenBucket(ctx, address)
	default:
		return nil, fmt.Errorf("%w: its address begins with file:// or s3://", ErrStore)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: open %s: %w", ErrStore, parsed.Redacted(), err)
	}
	if err := s.probe(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: try %s: %w", ErrStore, parsed.Redacted(), err), s.bucket.Close())
	}
	return s, nil
}

// Close gives the store back.
func (s *Store) Close() error { return s.bucket.Close() }

// probe writes, reads and deletes. Of several processes that do so at once each
// has an object of its own.
func (s *Store) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	key := fmt.Sprintf("probe-%d-%d", os.Getpid(), time.Now().UnixNano())
	if err := s.bucket.WriteAll(ctx, key, []byte("behalf"), nil); err != nil {
		return err
	}
	_, err := s.bucket.ReadAll(ctx, key)
	return errors.Join(err, s.bucket.Delete(ctx, key))
}

// Part is what of an item a blob holds.
type Part string

// The parts.
const (
	Content   Part = "content"
	Thumbnail Part = "thumbnail"
)

// key of a blob holds hexadecimal digits and nothing that a store would write
// in another way.
func key(workspace domain.WorkspaceID, id domain.MediaID, part Part) string {
	return hex.EncodeToString(workspace[:]) + "/" + hex.EncodeToString(id[:]) + "/" + string(part)
}

// write stores what fill writes, all of it or nothing.
func (s *Store) write(ctx context.Context, key, kind string, fill func(io.Writer) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: kind})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStore, err)
	}
	guarded := &guard{to: w}
	if err := fill(guarded); err != nil {
		cancel() // what was written so far is thrown away
		_ = w.Close()
		if guarded.failed != nil {
			return fmt.Errorf("%w: %w", ErrStore, guarded.failed)
		}
		return err
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("%w: %w", ErrStore, err)
	}
	return s.settle(key)
}

// guard remembers whether it was the store that failed, or what is written.
type guard struct {
	to     io.Writer
	failed error
}

func (g *guard) Write(piece []byte) (int, error) {
	n, err := g.to.Write(piece)
	if err != nil {
		g.failed = err
	}
	return n, err
}

// settle has a folder's file survive the loss of power: a row is not to name
// what is not there.
func (s *Store) settle(key string) error {
	if s.folder == "" {
		return nil
	}
	path := filepath.Join(s.folder, filepath.FromSlash(key))
	for _, name := range []string{path, filepath.Dir(path), filepath.Dir(filepath.Dir(path)), s.folder} {
		if err := flush(name); err != nil {
			return fmt.Errorf("%w: %w", ErrStore, err)
		}
	}
	return nil
}

func flush(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}

// open reads a blob; fs.ErrNotExist when it is not there.
func (s *Store) open(ctx context.Context, key string) (*blob.Reader, error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	switch {
	case gcerrors.Code(err) == gcerrors.NotFound:
		return nil, fmt.Errorf("%w: %w", ErrStore, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrStore, err)
	}
	return r, nil
}

// remove deletes a blob; one that is gone already is no error.
func (s *Store) remove(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, discardPatience)
	defer cancel()
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("%w: %w", ErrStore, err)
	}
	return nil
}

// removeAll deletes all parts of an item; in a folder with what a process that
// was killed has left beside them.
func (s *Store) removeAll(ctx context.Context, workspace domain.WorkspaceID, id domain.MediaID) error {
	if s.folder != "" {
		if err := os.RemoveAll(filepath.Join(s.folder, filepath.Dir(key(workspace, id, Content)))); err != nil {
			return fmt.Errorf("%w: %w", ErrStore, err)
		}
		return nil
	}
	var failed error
	for _, part := range []Part{Content, Thumbnail} {
		failed = errors.Join(failed, s.remove(ctx, key(workspace, id, part)))
	}
	return failed
}

package process

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"

	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/export"
	"behalf/internal/archives"
	"behalf/internal/config"
)

// archiveFolder is where archives of workspaces are kept.
func archiveFolder(data string) string { return filepath.Join(data, "archives") }

// shelf is where archives are kept, opened once.
func (p *Parts) shelf(ctx context.Context) (*archives.Shelf, error) {
	if p.archives != nil {
		return p.archives, nil
	}
	bucket, err := p.archiveBucket(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the storage for archives: %w", err)
	}
	p.closers = append(p.closers, func() { _ = bucket.Close() })
	p.archives = archives.New(bucket)
	return p.archives, nil
}

// archiveBucket is the bucket that media are in; where those are in a folder,
// archives have one of their own in the data folder.
func (p *Parts) archiveBucket(ctx context.Context) (*blob.Bucket, error) {
	if strings.HasPrefix(p.Settings.Media, "s3:") {
		return blob.OpenBucket(ctx, p.Settings.Media)
	}
	return fileblob.OpenBucket(archiveFolder(p.Settings.Data), &fileblob.Options{
		CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
}

// history is where the histories in archives come from. They are signed: a
// process without the sealing key makes none, and another one does.
func (p *Parts) history(pool *pgxpool.Pool) (source export.Source, able bool, err error) {
	if !p.Settings.SealKey.IsSet() {
		p.Log.Warn("this process makes no archives of workspaces", "missing", config.SealKey)
		return source, false, nil
	}
	source.Pool = pool
	var text string
	if source.Keys, text, err = Signers(p.Settings); err != nil {
		return source, false, err
	}
	source.Known, err = Known(text, checkpoint.Folder(p.Settings.SealFolder))
	return source, err == nil, err
}

package workers

import (
	"context"
	"errors"
	"fmt"
	"io"

	"behalf/domain"
	"behalf/internal/media"
	"behalf/workers/archive"
)

// packing is how media come into archives.
func packing(keeper *media.Keeper) archive.Media {
	if keeper == nil {
		return nil
	}
	return packed{keeper}
}

type packed struct{ keeper *media.Keeper }

// Each implements archive.Media.
func (p packed) Each(ctx context.Context, ws domain.WorkspaceID, do func(archive.Medium) error) error {
	return p.keeper.Each(ctx, ws, func(item media.Archived) error {
		return do(archive.Medium{Name: item.Name, Write: func(ctx context.Context, to io.Writer) error {
			content, err := item.Open(ctx)
			if err != nil {
				return fmt.Errorf("open %s: %w", item.Name, err)
			}
			_, err = io.Copy(to, content)
			return errors.Join(err, content.Close())
		}})
	})
}

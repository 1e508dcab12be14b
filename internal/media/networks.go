package media

import (
	"context"
	"io"
	"time"

	"behalf/internal/networks"
)

// ForLimits is an item as the limits of a network are checked with: it cannot be
// opened. It is described as the item is.
func ForLimits(item Item) networks.Media {
	kind := networks.Video
	if item.Type.IsImage() {
		kind = networks.Image
	}
	return networks.Media{
		ID: item.ID.String(), Kind: kind, Type: string(item.Type), Name: item.ID.String() + item.Type.Extension(),
		Size: item.Bytes, Width: item.Width, Height: item.Height, Duration: item.Duration, Alt: item.Alt,
	}
}

// ForPublishing is an item as a network is given it. alt is what the post says,
// and nothing else counts: the item's own may have changed since the post was
// approved (R54).
func (k *Keeper) ForPublishing(item Item, alt string) networks.Media {
	given := ForLimits(item)
	given.Alt = alt
	given.Open = func(ctx context.Context) (io.ReadCloser, error) {
		return k.store.open(ctx, key(item.Workspace, item.ID, Content))
	}
	if !k.unseen {
		given.Public = func(lasting time.Duration) string { return k.Address(item.ID, Content, lasting) }
	}
	return given
}

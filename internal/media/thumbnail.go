package media

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // decoders
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // decoder

	"behalf/domain"
)

// thumbnailSide is how many pixels a small picture has at most, on each side.
const thumbnailSide = 400

const thumbnailQuality = 80

// framesCounted are how many frames of a moving picture count as one.
const framesCounted = 10

// measure finds out how large a stored picture is without decoding it, and
// refuses what would take too much to decode. A moving one may have ten times
// as many pixels as a still one, in all its frames.
func (k *Keeper) measure(ctx context.Context, key string, frames int) (image.Config, error) {
	frames = max(1, (frames+framesCounted-1)/framesCounted)
	r, err := k.store.open(ctx, key)
	if err != nil {
		return image.Config{}, err
	}
	defer func() { _ = r.Close() }()
	config, _, err := image.DecodeConfig(r)
	switch {
	case err != nil:
		return image.Config{}, undecodable(err)
	case config.Width < 1 || config.Height < 1:
		return image.Config{}, undecodable(errors.New("no pixels"))
	}
	most := k.limits.Pixels / frames
	if config.ColorModel == color.NRGBA64Model || config.ColorModel == color.RGBA64Model {
		most /= 2 // twice the memory
	}
	if config.Width > most/config.Height {
		return image.Config{}, domain.Wrong(0, "body", "media_too_many_pixels", fmt.Sprintf(
			"The picture has %d × %d pixels; %d are taken of one like it.", config.Width, config.Height, most))
	}
	return config, nil
}

// shrink decodes a stored picture whole, which proves that all of it is there,
// turns it upright and stores it small.
func (k *Keeper) shrink(ctx context.Context, from, to string, turned int) error {
	if err := k.decoders.acquire(ctx); err != nil {
		return err
	}
	defer k.decoders.release()
	small, err := k.small(ctx, from, turned)
	if err != nil {
		return err
	}
	return k.store.write(ctx, to, "", func(w io.Writer) error {
		if small.Opaque() {
			return jpeg.Encode(w, small, &jpeg.Options{Quality: thumbnailQuality})
		}
		return png.Encode(w, small)
	})
}

func (k *Keeper) small(ctx context.Context, from string, turned int) (*image.RGBA, error) {
	r, err := k.store.open(ctx, from)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	picture, _, err := image.Decode(r)
	if err != nil {
		return nil, undecodable(err)
	}
	width, height := fitting(picture.Bounds().Dx(), picture.Bounds().Dy())
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return upright(small, turned), nil
}

// fitting is a size of the same shape that is small enough, and never larger.
func fitting(width, height int) (int, int) {
	if longest := max(width, height); longest > thumbnailSide {
		width, height = width*thumbnailSide/longest, height*thumbnailSide/longest
	}
	return max(width, 1), max(height, 1)
}

// upright turns a picture as EXIF says it is shown.
func upright(picture *image.RGBA, turned int) *image.RGBA {
	if turned == 1 {
		return picture
	}
	w, h := picture.Rect.Dx(), picture.Rect.Dy()
	shown := image.NewRGBA(image.Rect(0, 0, w, h))
	if turned >= 5 {
		shown = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := [...]image.Point{
				2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x},
			}[turned]
			shown.SetRGBA(to.X, to.Y, picture.RGBAAt(x, y))
		}
	}
	return shown
}

// undecodable says that a picture is broken. What the decoder says is in words
// of its own; whether the store failed meanwhile is found out by whoever reads next.
func undecodable(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return truncated()
	}
	return domain.Wrong(0, "body", "media_broken", "The picture cannot be decoded.")
}

func truncated() error {
	return domain.Wrong(0, "body", "media_truncated", "The file ends too early. Send it again, whole.")
}

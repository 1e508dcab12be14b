package conformance

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

const side = 320 // pixels

// Picture makes one that differs from every other number's.
func Picture(t *testing.T, number int) networks.Media {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8(i*(number+1)) % 251}.Y //nolint:gosec // G115: any pattern will do
	}
	var file bytes.Buffer
	require.NoError(t, jpeg.Encode(&file, img, nil))
	return medium(networks.Image, "image/jpeg", "picture-"+strconv.Itoa(number)+".jpg", file.Bytes())
}

// clip makes something that names itself an MP4 film; fakes do not look further.
func clip() networks.Media {
	file := append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), bytes.Repeat([]byte{0, 7, 42}, 1<<10)...)
	m := medium(networks.Video, "video/mp4", "clip.mp4", file)
	m.Duration = 10 * time.Second
	return m
}

func medium(kind networks.MediaKind, mediaType, name string, file []byte) networks.Media {
	return networks.Media{
		ID: "media_" + name, Kind: kind, Type: mediaType, Name: name, Size: int64(len(file)), Width: side, Height: side,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil },
	}
}

// public gives media an address, for networks that fetch them. It leads nowhere:
// fakes take an address for its word.
func public(m networks.Media) networks.Media {
	var once sync.Once
	address := ""
	m.Public = func(time.Duration) string {
		once.Do(func() { address = "https://media.behalf.example/" + m.Name })
		return address
	}
	return m
}

func spell(n int) string { return strings.Repeat("ä", n) }

package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"
)

// picture is a PNG whose left half is red.
func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	drawn := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			drawn.Set(x, y, color.NRGBA{R: 255, G: uint8(x * 255 / w), B: uint8(y), A: 255})
		}
	}
	var written bytes.Buffer
	require.NoError(t, png.Encode(&written, drawn))
	return written.Bytes()
}

// turned is a JPEG of 800 by 200 pixels that is shown a quarter turn to the
// right, with a place in its EXIF data.
func turned(t testing.TB) []byte {
	t.Helper()
	drawn := image.NewRGBA(image.Rect(0, 0, 800, 200))
	for y := range 200 {
		for x := range 400 {
			drawn.Set(x, y, color.RGBA{R: 255, A: 255})
		}
	}
	var plain bytes.Buffer
	require.NoError(t, jpeg.Encode(&plain, drawn, nil))
	exif := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00 canary 48.2082N"
	whole := append(bytes.Clone(plain.Bytes()[:2]), 0xFF, 0xE1, 0, byte(len(exif)+2))
	return append(append(whole, exif...), plain.Bytes()[2:]...)
}

// Package clean recognises pictures and films by their content and copies them
// without what they tell besides the picture: places, names, devices, comments.
//
// What is copied is not decoded and not encoded again: a picture keeps its
// quality. What stays of the metadata is the orientation and the colour profile.
// Whatever stands behind a file's end stays behind.
//
// The parsers read what strangers send. They allocate nothing that a length in
// the file asks for before that many bytes have come, and every loop ends with
// the input.
package clean

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// Type is a media type, found by content.
type Type string

// The types that are taken.
const (
	JPEG      Type = "image/jpeg"
	PNG       Type = "image/png"
	GIF       Type = "image/gif"
	WebP      Type = "image/webp"
	MP4       Type = "video/mp4"
	QuickTime Type = "video/quicktime"
)

// Types lists them.
func Types() []Type { return []Type{JPEG, PNG, GIF, WebP, MP4, QuickTime} }

// IsImage reports whether it is a picture; what is not is a film.
func (t Type) IsImage() bool { return t != MP4 && t != QuickTime }

// Extension is what a file's name ends in, with the dot.
func (t Type) Extension() string {
	return map[Type]string{JPEG: ".jpg", PNG: ".png", GIF: ".gif", WebP: ".webp", MP4: ".mp4", QuickTime: ".mov"}[t]
}

// What is wrong with a file. Errors wrap one of these and say the rest.
var (
	ErrUnsupported = errors.New("not a type that is taken")
	ErrTruncated   = errors.New("the file ends too early")
	ErrBroken      = errors.New("the file is not well formed")
	ErrTooComplex  = errors.New("the file is made of too much")
)

// Facts is what copying found out.
type Facts struct {
	Type          Type
	Orientation   int // of a picture, as EXIF counts: 1 (upright) to 8
	Width, Height int // of a film as it is shown; pictures: see image.DecodeConfig
	Duration      time.Duration
	Frames        int     // of a GIF
	Erase         []Range // of the copy, to be overwritten by Erase: a film's tracks of telemetry
}

// Range is a part of a file.
type Range struct{ From, To int64 }

// headBytes are enough to recognise every type.
const headBytes = 32

// Sniff says what a file's first bytes (32 are enough) belong to, or ErrUnsupported.
func Sniff(head []byte) (Type, error) {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}):
		return JPEG, nil
	case bytes.HasPrefix(head, pngSignature):
		return PNG, nil
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, nil
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return filmType(string(head[8:12]))
	default:
		return "", ErrUnsupported
	}
}

// Begin recognises a file and returns what Copy goes on with.
func Begin(src io.Reader) (Type, *bufio.Reader, error) {
	buffered := bufio.NewReaderSize(src, 64<<10)
	head, err := buffered.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", nil, err
	}
	kind, err := Sniff(head)
	return kind, buffered, err
}

// Copy writes a clean copy of a file of the type that Begin recognised. src is
// read to its end. After an error what was written is worth nothing.
func Copy(dst io.Writer, src *bufio.Reader, kind Type) (Facts, error) {
	c := &copier{src: src, dst: dst, facts: Facts{Type: kind, Orientation: 1}}
	var err error
	switch kind {
	case JPEG:
		err = c.jpeg()
	case PNG:
		err = c.png()
	case GIF:
		err = c.gif()
	case WebP:
		err = c.webp()
	default:
		err = c.film()
	}
	if err == nil {
		_, err = io.Copy(io.Discard, src) // what stands behind the end, perhaps another file
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: %s", ErrTruncated, kind)
	}
	return c.facts, err
}

// copier is one file on its way.
type copier struct {
	src   *bufio.Reader
	dst   io.Writer
	facts Facts
}

// read takes the next n bytes. n is small, or bounded by the caller.
func (c *copier) read(n int) ([]byte, error) {
	piece := make([]byte, n)
	_, err := io.ReadFull(c.src, piece)
	return piece, err
}

func (c *copier) write(piece []byte) error {
	_, err := c.dst.Write(piece)
	return err
}

// pass copies n bytes.
func (c *copier) pass(n int64) error {
	_, err := io.CopyN(c.dst, c.src, n)
	return err
}

// skip leaves n bytes out.
func (c *copier) skip(n int64) error {
	_, err := io.CopyN(io.Discard, c.src, n)
	return err
}

// blank writes zeros instead of the next n bytes.
func (c *copier) blank(n int64) error {
	if err := c.skip(n); err != nil {
		return err
	}
	_, err := io.CopyN(c.dst, zeros{}, n)
	return err
}

// zeros is an endless reader.
type zeros struct{}

func (zeros) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}

func broken(what string) error { return fmt.Errorf("%w: %s", ErrBroken, what) }

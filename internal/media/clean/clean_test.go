package clean_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "golang.org/x/image/webp"

	"behalf/internal/media/clean"
)

// cleaned copies a file, and overwrites what is to be overwritten.
func cleaned(t testing.TB, file []byte) ([]byte, clean.Facts, error) {
	t.Helper()
	kind, src, err := clean.Begin(bytes.NewReader(file))
	if err != nil {
		return nil, clean.Facts{}, err
	}
	var copied, erased bytes.Buffer
	facts, err := clean.Copy(&copied, src, kind)
	if err != nil {
		return nil, facts, err
	}
	_, err = clean.Erase(&erased, &copied, facts.Erase)
	return erased.Bytes(), facts, err
}

// Places, comments and what stands behind a picture's end stay behind; the
// picture is the same, bit by bit, and turned as before.
func TestPictures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file   []byte
		kind   clean.Type
		turned int
		keeps  string
	}{
		"JPEG turned":  {jpegWith(t, 6), clean.JPEG, 6, "kept profile"},
		"JPEG upright": {jpegWith(t, 1), clean.JPEG, 1, "kept profile"},
		"PNG turned":   {pngWith(t, 8), clean.PNG, 8, ""},
		"PNG upright":  {pngWith(t, 1), clean.PNG, 1, ""},
		"GIF":          {gifWith(t), clean.GIF, 1, "NETSCAPE2.0"},
		"WebP turned":  {webpWith(3), clean.WebP, 3, "kept profile"},
		"WebP upright": {webpWith(1), clean.WebP, 1, "kept profile"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, string(test.file), canary)
			copied, facts, err := cleaned(t, test.file)
			require.NoError(t, err)
			require.Equal(t, test.kind, facts.Type)
			require.Equal(t, test.turned, facts.Orientation)
			require.NotContains(t, string(copied), canary)
			require.NotContains(t, string(copied), "48.2082")
			require.Contains(t, string(copied), test.keeps)
			before, _, err := image.Decode(bytes.NewReader(test.file))
			require.NoError(t, err)
			after, _, err := image.Decode(bytes.NewReader(copied))
			require.NoError(t, err)
			require.Equal(t, before, after)

			again, facts, err := cleaned(t, copied)
			require.NoError(t, err)
			require.Equal(t, test.turned, facts.Orientation, "the copy says how it is turned")
			require.Equal(t, copied, again, "a clean file stays as it is")
		})
	}
}

// A film keeps its length and the places of its frames; notes and telemetry
// become zeros, before and behind the data.
func TestFilms(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file          []byte
		kind          clean.Type
		width, height int
	}{
		"MP4, described first": {filmOf("isom", false, false), clean.MP4, 640, 360},
		"MP4, data first":      {filmOf("mp42", false, true), clean.MP4, 640, 360},
		"QuickTime, turned":    {filmOf("qt  ", true, true), clean.QuickTime, 360, 640},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied, facts, err := cleaned(t, test.file)
			require.NoError(t, err)
			require.Equal(t, test.kind, facts.Type)
			require.Equal(t, []int{test.width, test.height}, []int{facts.Width, facts.Height})
			require.Equal(t, 12500*time.Millisecond, facts.Duration)
			require.NotContains(t, string(copied), canary)
			require.NotContains(t, string(copied), canary[:10])
			require.NotContains(t, string(copied), canary[10:])
			require.Len(t, copied, len(test.file))
			frames := strings.Index(string(test.file), "frames of the film")
			require.Equal(t, "frames of the film, ", string(copied[frames:frames+20]))
			require.Contains(t, string(copied), " and more frames")
		})
	}
}

// What ends too early is said to, wherever that is; nothing is taken for whole.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for name, file := range whole(t) {
		end := bytes.LastIndex(file, []byte(canary)) // behind the end, or a film's notes
		if strings.Contains(name, "film") {
			end = len(file)
		}
		for size := 33; size < end; size += 7 {
			_, _, err := cleaned(t, file[:size])
			if err == nil { // a film may end between two boxes that nobody needs
				require.Contains(t, name, "film", "%d of %d", size, end)
				continue
			}
			require.ErrorIs(t, err, clean.ErrTruncated, "%s: %d of %d", name, size, end)
		}
	}
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	animated := bytes.Replace(webpWith(1), []byte("VP8X\x0a\x00\x00\x00\x2c"), []byte("VP8X\x0a\x00\x00\x00\x02"), 1)
	fragments := append(filmOf("isom", false, true), boxed("moof", []byte("x"))...)
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte("<svg onload=alert(1)>"), "page": []byte("<!doctype html><script>"), "PDF": []byte("%PDF-1.7 and so on and so on and so on"),
		"TIFF": []byte("II*\x00 and so on and so on and so on, and so on"), "HEIC": boxed("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")),
		"sound": boxed("ftyp", []byte("M4A \x00\x00\x00\x00isom")), "animated": animated, "fragments": fragments,
	} {
		_, _, err := cleaned(t, file)
		require.ErrorIs(t, err, clean.ErrUnsupported, name)
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	film := filmOf("isom", false, true)
	changed := func(file []byte, old, fresh string) []byte {
		require.Contains(t, string(file), old)
		return []byte(strings.Replace(string(file), old, fresh, 1))
	}
	for name, file := range map[string][]byte{
		"JPEG without a marker": append(jpegWith(t, 1)[:2], []byte("\xff\xe0\x00\x04ab nothing, and nothing, and nothing")...),
		"PNG of others":         changed(pngWith(t, 1), "prVt", "PRVT"),
		"GIF without a picture": append(gifWith(t)[:13], []byte("\x3b and so on and so on and so on and so on and so on")...),
		"WebP without one":      changed(webpWith(1), "VP8L", "VP8l"),
		"film without brands":   changed(film, "mdat", "ftyp"),
		"film without a length": changed(film, "mvhd", "xxxx"),
		"film without picture":  changed(film, "vide", "soun"),
		"film described twice":  append(bytes.Clone(film), film[24:]...),
		"a box beyond its box":  changed(film, string(numbers(108))+"mvhd", string(numbers(1<<31))+"mvhd"),
	} {
		_, _, err := cleaned(t, file)
		require.ErrorIs(t, err, clean.ErrBroken, name)
	}
}

func TestTooComplex(t *testing.T) {
	t.Parallel()
	frame := []byte("\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00")
	file := append([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), bytes.Repeat(frame, clean.MaxFrames+1)...)
	_, _, err := cleaned(t, append(file, 0x3B))
	require.ErrorIs(t, err, clean.ErrTooComplex)
	huge := append(boxed("ftyp", []byte("isom\x00\x00\x00\x00isommp42")), append(numbers(1<<31), "moov and so on"...)...)
	_, _, err = cleaned(t, huge)
	require.ErrorIs(t, err, clean.ErrTooComplex, "a length alone takes no memory")
}

// whole are files of every type.
func whole(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"JPEG": jpegWith(t, 6), "PNG": pngWith(t, 6), "GIF": gifWith(t), "WebP": webpWith(6),
		"film": filmOf("isom", false, true), "film described first": filmOf("qt  ", true, false),
	}
}

package clean_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary stands in every place that must not come through.
const canary = "canary 48.2082N 16.3738E"

// drawn is a picture whose left half is red.
func drawn(w, h int) *image.Paletted {
	picture := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.RGBA{R: 255, A: 255}})
	for y := range h {
		for x := range w / 2 {
			picture.SetColorIndex(x, y, 1)
		}
	}
	return picture
}

// exif is EXIF data with an orientation and a place.
func exif(turned int) []byte {
	var tiff bytes.Buffer
	tiff.WriteString("II\x2a\x00\x08\x00\x00\x00\x02\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		_ = binary.Write(&tiff, binary.LittleEndian, tag)
		_ = binary.Write(&tiff, binary.LittleEndian, kind)
		_ = binary.Write(&tiff, binary.LittleEndian, count)
		_ = binary.Write(&tiff, binary.LittleEndian, value)
	}
	entry(0x0112, 3, 1, uint32(turned))
	entry(0x8825, 4, 1, 38) // GPS, behind this directory
	tiff.WriteString("\x00\x00\x00\x00" + canary)
	return tiff.Bytes()
}

func segment(marker byte, content string) []byte {
	size := len(content) + 2
	return append([]byte{0xFF, marker, byte(size >> 8), byte(size)}, content...)
}

// jpegWith is a JPEG with metadata of every kind, and something behind its end.
func jpegWith(t testing.TB, turned int) []byte {
	t.Helper()
	var plain bytes.Buffer
	require.NoError(t, jpeg.Encode(&plain, drawn(40, 20), nil))
	whole := append([]byte{}, plain.Bytes()[:2]...)
	whole = append(whole, segment(0xE1, "Exif\x00\x00"+string(exif(turned)))...)
	whole = append(whole, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x>"+canary)...)
	whole = append(whole, segment(0xE2, "ICC_PROFILE\x00\x01\x01kept profile")...)
	whole = append(whole, segment(0xE2, "MPF\x00"+canary)...)
	whole = append(whole, segment(0xED, "Photoshop 3.0\x00"+canary)...)
	whole = append(whole, segment(0xFE, canary)...)
	whole = append(whole, plain.Bytes()[2:]...)
	return append(whole, canary...)
}

func pngChunk(name, content string) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	chunk = append(append(chunk, name...), content...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}

func pngWith(t testing.TB, turned int) []byte {
	t.Helper()
	var plain bytes.Buffer
	require.NoError(t, png.Encode(&plain, drawn(40, 20)))
	const header = 8 + 25
	whole := bytes.Clone(plain.Bytes()[:header])
	whole = append(whole, pngChunk("eXIf", string(exif(turned)))...)
	whole = append(whole, pngChunk("tEXt", "Comment\x00"+canary)...)
	whole = append(whole, pngChunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+canary)...)
	whole = append(whole, pngChunk("prVt", canary)...)
	whole = append(whole, plain.Bytes()[header:]...)
	return append(whole, canary...)
}

func gifWith(t testing.TB) []byte {
	t.Helper()
	var plain bytes.Buffer
	film := &gif.GIF{Image: []*image.Paletted{drawn(40, 20), drawn(40, 20)}, Delay: []int{10, 10}}
	require.NoError(t, gif.EncodeAll(&plain, film))
	whole := bytes.Clone(plain.Bytes()[:len(plain.Bytes())-1])
	whole = append(whole, 0x21, 0xFE, byte(len(canary)))
	whole = append(append(whole, canary...), 0)
	whole = append(whole, 0x21, 0xFF, 11)
	whole = append(append(whole, "XMP DataXMP"...), byte(len(canary)))
	whole = append(append(whole, canary...), 0)
	whole = append(whole, 0x3B)
	return append(whole, canary...)
}

func riffChunk(name, content string) []byte {
	chunk := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	chunk = append(chunk, content...)
	return append(chunk, make([]byte, len(content)&1)...)
}

// lossless is a picture of 1 by 1 pixels, as WebP codes it without loss.
const lossless = "\x2f\x00\x00\x00\x00\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\x01"

func webpWith(turned int) []byte {
	chunks := riffChunk("VP8X", "\x2c\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	chunks = append(chunks, riffChunk("ICCP", "kept profile")...)
	chunks = append(chunks, riffChunk("VP8L", lossless)...)
	chunks = append(chunks, riffChunk("EXIF", string(exif(turned)))...)
	chunks = append(chunks, riffChunk("XMP ", canary)...)
	chunks = append(chunks, riffChunk("ABCD", canary)...)
	whole := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunks)+4))
	whole = append(append(whole, "WEBP"...), chunks...)
	return append(whole, canary...)
}

func boxed(name string, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(content)+8)), name...), content...)
}

func numbers(all ...uint32) (written []byte) {
	for _, n := range all {
		written = binary.BigEndian.AppendUint32(written, n)
	}
	return written
}

// filmOf is a film of twelve and a half seconds, 640 by 360 and perhaps turned,
// with notes, and telemetry whose samples lie in the data.
func filmOf(brand string, turned, dataFirst bool) []byte {
	begin := boxed("ftyp", []byte(brand+"\x00\x00\x00\x00isommp42"))
	data := boxed("mdat", []byte("frames of the film, "+canary+" and more frames"))
	telemetryAt := uint32(len(begin) + 8 + len("frames of the film, "))
	description := func(shift uint32) []byte {
		matrix := numbers(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)
		if turned {
			matrix = numbers(0, 1<<16, 0, 0xFFFF0000, 0, 0, 0, 0, 1<<30)
		}
		tkhd := boxed("tkhd", numbers(1, 0, 0, 1, 0, 7500), make([]byte, 16), matrix, numbers(640<<16, 360<<16))
		mvhd := boxed("mvhd", numbers(0, 0, 0, 600, 7500), make([]byte, 80))
		handler := func(kind string) []byte { return boxed("hdlr", numbers(0, 0), []byte(kind), make([]byte, 12)) }
		picture := boxed("trak", tkhd, boxed("mdia", handler("vide"), boxed("udta", []byte(canary))), boxed("meta", []byte(canary)))
		telemetry := boxed("trak", tkhd, boxed("mdia", handler("meta"), boxed("minf", boxed("stbl",
			boxed("stsz", numbers(0, 0, 2, 10, uint32(len(canary))-10)),
			boxed("stsc", numbers(0, 2, 1, 1, 1, 2, 1, 1)),
			boxed("stco", numbers(0, 2, telemetryAt+shift, telemetryAt+shift+10)),
		))), boxed("gpmd", []byte(canary)))
		return boxed("moov", mvhd, picture, telemetry, boxed("udta", boxed("\xa9xyz", []byte(canary))), boxed("meta", []byte(canary)))
	}
	notes := boxed("uuid", []byte(canary))
	if dataFirst {
		return bytes.Join([][]byte{begin, data, description(0), notes}, nil)
	}
	size := uint32(len(description(0)))
	return bytes.Join([][]byte{begin, description(size), data, notes}, nil)
}

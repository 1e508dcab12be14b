package clean

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

var pngSignature = []byte("\x89PNG\r\n\x1a\n")

// pngKept are the chunks that say what the picture looks like: those of the
// specification's third edition, animation among them.
var pngKept = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "mDCV", "cLLI",
	"acTL", "fcTL", "fdAT",
}

// maxExif is how much EXIF data is looked at: what a JPEG can hold.
const maxExif = 64 << 10

// png copies chunks up to the last one.
func (c *copier) png() error {
	if err := c.pass(int64(len(pngSignature))); err != nil {
		return err
	}
	for first := true; ; first = false {
		head, err := c.read(8)
		if err != nil {
			return err
		}
		length, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		switch {
		case first && name != "IHDR":
			return broken("a PNG does not begin with its header")
		case length > 1<<31-1:
			return broken("a PNG's chunk is too long")
		case name == "eXIf":
			err = c.pngExif(length)
		case slices.Contains(pngKept, name):
			if err = c.write(head); err == nil {
				err = c.pass(length + 4)
			}
		case name[0]&0x20 == 0:
			return broken("a PNG has a critical chunk that nobody knows")
		default:
			err = c.skip(length + 4)
		}
		if err != nil {
			return err
		}
		if name == "IEND" {
			return nil
		}
	}
}

// pngExif keeps of EXIF data how the picture is turned.
func (c *copier) pngExif(length int64) error {
	if length > maxExif {
		return c.skip(length + 4)
	}
	tiff, err := c.read(int(length))
	if err == nil {
		err = c.skip(4)
	}
	if err != nil {
		return err
	}
	if c.facts.Orientation = orientation(tiff); c.facts.Orientation == 1 {
		return nil
	}
	return c.write(pngChunk("eXIf", bareExif(c.facts.Orientation)))
}

func pngChunk(name string, content []byte) []byte {
	var chunk bytes.Buffer
	_ = binary.Write(&chunk, binary.BigEndian, uint32(len(content))) //nolint:gosec // G115: a few bytes
	chunk.WriteString(name)
	chunk.Write(content)
	_ = binary.Write(&chunk, binary.BigEndian, crc32.ChecksumIEEE(chunk.Bytes()[4:]))
	return chunk.Bytes()
}

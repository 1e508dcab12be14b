package clean

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	startOfImage = 0xD8
	endOfImage   = 0xD9
	startOfScan  = 0xDA
	app0         = 0xE0
	app15        = 0xEF
	comment      = 0xFE
)

var (
	exifHead  = []byte("Exif\x00\x00")
	iccHead   = []byte("ICC_PROFILE\x00")
	jfifHead  = []byte("JFIF\x00")
	adobeHead = []byte("Adobe")
)

// jpeg copies segments. Of those for applications it keeps what a decoder needs:
// JFIF, the colour profile, Adobe's note on the colours.
func (c *copier) jpeg() error {
	if err := c.pass(2); err != nil { // start of image
		return err
	}
	marker, err := c.marker()
	for err == nil {
		switch {
		case marker == endOfImage:
			return c.write([]byte{0xFF, endOfImage})
		case marker == startOfImage:
			return broken("a JPEG begins twice")
		case standsAlone(marker):
			err = c.write([]byte{0xFF, marker})
		default:
			err = c.segment(marker)
		}
		switch {
		case err != nil:
		case marker == startOfScan:
			marker, err = c.scan()
		default:
			marker, err = c.marker()
		}
	}
	return err
}

func standsAlone(marker byte) bool { return marker == 0x01 || isRestart(marker) }

func isRestart(marker byte) bool { return marker >= 0xD0 && marker <= 0xD7 }

// marker reads the next one; any number of fill bytes may stand before it.
func (c *copier) marker() (byte, error) {
	first, err := c.src.ReadByte()
	if err != nil {
		return 0, err
	}
	if first != 0xFF {
		return 0, broken("a JPEG's segment does not begin with a marker")
	}
	for {
		marker, err := c.src.ReadByte()
		if err != nil {
			return 0, err
		}
		switch marker {
		case 0xFF:
		case 0:
			return 0, broken("a JPEG's segment does not begin with a marker")
		default:
			return marker, nil
		}
	}
}

// segment copies one, or leaves it out. It has at most 65,533 bytes.
func (c *copier) segment(marker byte) error {
	length, err := c.read(2)
	if err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(length))
	if size < 2 {
		return broken("a JPEG's segment has no length")
	}
	content, err := c.read(size - 2)
	if err != nil {
		return err
	}
	if marker == app0+1 && bytes.HasPrefix(content, exifHead) {
		return c.turned(content[len(exifHead):])
	}
	if !keepsSegment(marker, content) {
		return nil
	}
	return c.write(append([]byte{0xFF, marker, length[0], length[1]}, content...))
}

func keepsSegment(marker byte, content []byte) bool {
	switch {
	case marker == comment:
		return false
	case marker < app0 || marker > app15:
		return true
	case marker == app0:
		return bytes.HasPrefix(content, jfifHead)
	case marker == app0+2:
		return bytes.HasPrefix(content, iccHead)
	case marker == app0+14:
		return bytes.HasPrefix(content, adobeHead)
	default:
		return false
	}
}

// turned keeps of EXIF data how the picture is turned.
func (c *copier) turned(tiff []byte) error {
	if c.facts.Orientation != 1 { // the first one counts
		return nil
	}
	if c.facts.Orientation = orientation(tiff); c.facts.Orientation == 1 {
		return nil
	}
	bare := append(bytes.Clone(exifHead), bareExif(c.facts.Orientation)...)
	return c.write(append([]byte{0xFF, app0 + 1, 0, byte(len(bare) + 2)}, bare...)) //nolint:gosec // G115: a few dozen bytes
}

// scan copies the coded picture and reads the marker behind it.
func (c *copier) scan() (byte, error) {
	for {
		piece, err := c.src.ReadSlice(0xFF)
		full := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !full {
			return 0, err
		}
		if !full {
			piece = piece[:len(piece)-1]
		}
		if err := c.write(piece); err != nil {
			return 0, err
		}
		if full {
			continue
		}
		next := byte(0xFF)
		for next == 0xFF { // fill bytes
			if next, err = c.src.ReadByte(); err != nil {
				return 0, err
			}
		}
		if next != 0 && !isRestart(next) {
			return next, nil
		}
		if err := c.write([]byte{0xFF, next}); err != nil {
			return 0, err
		}
	}
}

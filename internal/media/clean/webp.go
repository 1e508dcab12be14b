package clean

import (
	"encoding/binary"
	"fmt"
)

// Flags of WebP's extended header (RFC 9649, section 2.7).
const (
	webpAnimation = 0x02
	webpXMP       = 0x04
)

// webp copies chunks. The file's length stands at its begin, before it is known
// what stays behind: metadata is overwritten instead of left out.
func (c *copier) webp() error {
	head, err := c.read(12)
	if err != nil {
		return err
	}
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	if err := c.write(head); err != nil {
		return err
	}
	pictures := 0
	for left >= 8 {
		chunk, err := c.read(8)
		if err != nil {
			return err
		}
		name, size := string(chunk[:4]), int64(binary.LittleEndian.Uint32(chunk[4:]))
		size += size & 1 // padded
		if left -= 8 + size; left < 0 {
			return broken("a WebP's chunk is longer than the file")
		}
		switch name {
		case "VP8 ", "VP8L":
			pictures++
			err = c.webpChunk(chunk, size)
		case "VP8X":
			err = c.webpExtended(chunk, size)
		case "ICCP", "ALPH":
			err = c.webpChunk(chunk, size)
		case "ANIM", "ANMF":
			err = animated()
		case "EXIF":
			err = c.webpExif(chunk, size)
		default:
			copy(chunk, "JUNK") // unknown chunks are ignored by readers
			if err = c.write(chunk); err == nil {
				err = c.blank(size)
			}
		}
		if err != nil {
			return err
		}
	}
	if left != 0 || pictures != 1 {
		return broken("a WebP without exactly one picture")
	}
	return nil
}

func animated() error {
	return fmt.Errorf("%w: an animated WebP; GIF and MP4 are", ErrUnsupported)
}

func (c *copier) webpChunk(head []byte, size int64) error {
	if err := c.write(head); err != nil {
		return err
	}
	return c.pass(size)
}

func (c *copier) webpExtended(head []byte, size int64) error {
	if size != 10 {
		return broken("a WebP's extended header")
	}
	header, err := c.read(10)
	if err != nil {
		return err
	}
	if header[0]&webpAnimation != 0 {
		return animated()
	}
	header[0] &^= webpXMP
	return c.write(append(head, header...))
}

// webpExif keeps of EXIF data how the picture is turned, in as many bytes.
func (c *copier) webpExif(head []byte, size int64) error {
	if size > maxExif {
		copy(head, "JUNK")
		if err := c.write(head); err != nil {
			return err
		}
		return c.blank(size)
	}
	content, err := c.read(int(size))
	if err != nil {
		return err
	}
	tiff := content
	if len(tiff) > len(exifHead) && string(tiff[:len(exifHead)]) == string(exifHead) {
		tiff = tiff[len(exifHead):] // some writers put a JPEG's head before it
	}
	turned, bare := orientation(tiff), bareExif(1)
	if turned != 1 && len(content) >= len(bare) {
		c.facts.Orientation, bare = turned, bareExif(turned)
	}
	clear(content)
	if len(content) >= len(bare) {
		copy(content, bare)
	} else {
		copy(head, "JUNK")
	}
	return c.write(append(head, content...))
}

package clean

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Bounds of what is made of boxes (ISO/IEC 14496-12).
const (
	maxBrands = 4 << 10  // bytes of the box that begins a film
	maxMovie  = 32 << 20 // bytes of the box that describes it: hours of film need less than ten
	maxLength = 24 * time.Hour
)

// brands of films; others are sound, pictures and streams in the same boxes.
var brands = []string{
	"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1", "M4V ", "M4VH", "M4VP",
	"MSNV", "mmp4", "f4v ", "3gp4", "3gp5", "3gp6", "3g2a",
}

func filmType(brand string) (Type, error) {
	switch {
	case brand == "qt  ":
		return QuickTime, nil
	case slices.Contains(brands, brand):
		return MP4, nil
	default:
		return "", ErrUnsupported
	}
}

// film copies boxes and keeps their lengths, so that every offset in the film
// stays right: what is to stay behind becomes free space full of zeros.
func (c *copier) film() error {
	movie, data := false, false
	for first := true; ; first = false {
		box, err := c.box()
		if errors.Is(err, io.EOF) && movie && data {
			return nil
		}
		switch {
		case err != nil:
			return err
		case first != (box.name == "ftyp"):
			return broken("a film does not begin with its brands")
		case box.content < 0 && box.name != "mdat":
			return broken("a film's box without a length")
		}
		switch box.name {
		case "ftyp":
			err = c.ftyp(box)
		case "moov":
			if movie {
				return broken("a film is described twice")
			}
			movie = true
			err = c.moov(box)
		case "mdat":
			data = true
			err = c.mdat(box)
		case "moof":
			return inFragments()
		default:
			err = c.free(box)
		}
		if err != nil {
			return err
		}
	}
}

// box is the head of a box.
type box struct {
	name    string
	head    []byte
	content int64 // its length; -1: until the file ends
}

// box reads a box's head. io.EOF: there is none.
func (c *copier) box() (box, error) {
	head := make([]byte, 8, 16)
	if _, err := io.ReadFull(c.src, head); err != nil {
		return box{}, err
	}
	size := int64(binary.BigEndian.Uint32(head))
	if size == 0 {
		return box{name: string(head[4:8]), head: head, content: -1}, nil
	}
	if size == 1 {
		long, err := c.read(8)
		if err != nil {
			return box{}, fmt.Errorf("%w: a film's box", ErrTruncated)
		}
		head = append(head, long...)
		size = int64(binary.BigEndian.Uint64(long)) //nolint:gosec // G115: a negative one is refused below
	}
	if size < int64(len(head)) {
		return box{}, broken("a film's box is shorter than its head")
	}
	return box{name: string(head[4:8]), head: head, content: size - int64(len(head))}, nil
}

func (c *copier) ftyp(b box) error {
	if b.content > maxBrands {
		return broken("a film's brands")
	}
	if err := c.write(b.head); err != nil {
		return err
	}
	return c.pass(b.content)
}

func (c *copier) mdat(b box) error {
	if err := c.write(b.head); err != nil {
		return err
	}
	if b.content < 0 {
		_, err := io.Copy(c.dst, c.src)
		return err
	}
	return c.pass(b.content)
}

func (c *copier) free(b box) error {
	copy(b.head[4:8], "free")
	if err := c.write(b.head); err != nil {
		return err
	}
	return c.blank(b.content)
}

func inFragments() error {
	return fmt.Errorf("%w: a film in fragments; export it as one ordinary MP4", ErrUnsupported)
}

// moov reads what describes the film as a whole: what it says of a track comes
// after what would have to stay behind. Memory is taken as the bytes come.
func (c *copier) moov(b box) error {
	if b.content > maxMovie {
		return fmt.Errorf("%w: more than %d MB describe the film", ErrTooComplex, maxMovie>>20)
	}
	var content bytes.Buffer
	if _, err := io.CopyN(&content, c.src, b.content); err != nil {
		return err
	}
	m := movie{}
	if err := m.clean(content.Bytes()); err != nil {
		return err
	}
	c.facts.Width, c.facts.Height, c.facts.Duration, c.facts.Erase = m.width, m.height, m.duration, m.erase
	if err := c.write(b.head); err != nil {
		return err
	}
	return c.write(content.Bytes())
}

package clean

import (
	"fmt"
	"io"
)

// What a GIF's parts begin with (GIF89a specification, appendix A).
const (
	gifImage       = 0x2C
	gifExtension   = 0x21
	gifTrailer     = 0x3B
	gifControl     = 0xF9
	gifApplication = 0xFF
)

// MaxFrames is how many pictures a GIF may hold.
const MaxFrames = 2000

// gif copies pictures and what times them: control blocks, and how often to
// repeat. Comments, texts and whatever applications wrote stay behind.
func (c *copier) gif() error {
	screen, err := c.read(13)
	if err != nil {
		return err
	}
	if err := c.write(screen); err != nil {
		return err
	}
	if err := c.pass(colors(screen[10])); err != nil {
		return err
	}
	for {
		begin, err := c.src.ReadByte()
		if err != nil {
			return err
		}
		switch begin {
		case gifImage:
			err = c.gifFrame()
		case gifExtension:
			err = c.gifExtension()
		case gifTrailer:
			if c.facts.Frames == 0 {
				return broken("a GIF without a picture")
			}
			return c.write([]byte{gifTrailer})
		default:
			err = broken("a GIF's part that nobody knows")
		}
		if err != nil {
			return err
		}
	}
}

// colors is the size of the table of colours that a byte of flags announces.
func colors(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func (c *copier) gifFrame() error {
	if c.facts.Frames++; c.facts.Frames > MaxFrames {
		return fmt.Errorf("%w: more than %d pictures in a GIF", ErrTooComplex, MaxFrames)
	}
	head, err := c.read(9)
	if err == nil {
		err = c.write(append([]byte{gifImage}, head...))
	}
	if err == nil {
		err = c.pass(colors(head[8]) + 1) // and the least size of a code
	}
	if err != nil {
		return err
	}
	return c.gifBlocks(c.dst)
}

func (c *copier) gifExtension() error {
	label, err := c.src.ReadByte()
	if err != nil {
		return err
	}
	size, err := c.src.ReadByte()
	if err != nil {
		return err
	}
	head, err := c.read(int(size))
	if err != nil {
		return err
	}
	into := io.Discard
	if label == gifControl || label == gifApplication && (string(head) == "NETSCAPE2.0" || string(head) == "ANIMEXTS1.0") {
		if err := c.write(append([]byte{gifExtension, label, size}, head...)); err != nil {
			return err
		}
		into = c.dst
	}
	if size == 0 { // it has ended with its first block
		return nil
	}
	return c.gifBlocks(into)
}

// gifBlocks copies blocks up to the empty one.
func (c *copier) gifBlocks(into io.Writer) error {
	for {
		size, err := c.src.ReadByte()
		if err != nil {
			return err
		}
		if _, err := into.Write([]byte{size}); err != nil {
			return err
		}
		if size == 0 {
			return nil
		}
		if _, err := io.CopyN(into, c.src, int64(size)); err != nil {
			return err
		}
	}
}

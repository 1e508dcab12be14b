package clean

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// movie is what describes a film.
type movie struct {
	width, height int
	duration      time.Duration
	erase         []Range
}

// tracks that people see, hear and read. Others are telemetry: where the camera
// was, which way it looked, whose face it saw.
var tracks = []string{"vide", "soun", "text", "sbtl", "subt", "clcp", "tmcd"}

// maxErased is in how many places telemetry may lie.
const maxErased = 1 << 20

// each calls visit with every box in content: its name, its head's last four
// bytes, which may be changed, and what is in it.
func each(content []byte, visit func(name string, called, inner []byte) error) error {
	for len(content) > 0 {
		if len(content) < 8 {
			if len(content) == 4 && binary.BigEndian.Uint32(content) == 0 { // QuickTime ends lists with it
				return nil
			}
			return broken("half a box in a film's description")
		}
		size, head := uint64(binary.BigEndian.Uint32(content)), uint64(8)
		if size == 1 && len(content) >= 16 {
			size, head = binary.BigEndian.Uint64(content[8:]), 16
		}
		if size < head || size > uint64(len(content)) {
			return broken("a box in a film's description is longer than what holds it")
		}
		if err := visit(string(content[4:8]), content[4:8], content[head:size]); err != nil {
			return err
		}
		content = content[size:]
	}
	return nil
}

// vacate makes a box free space.
func vacate(called, inner []byte) {
	copy(called, "free")
	clear(inner)
}

// private reports boxes that hold what people and cameras noted.
func private(name string) bool {
	return name == "udta" || name == "meta" || name == "uuid" || name == "free" || name == "skip"
}

// clean reads the description and takes out of it, in its place, what is to stay behind.
func (m *movie) clean(content []byte) error {
	err := each(content, func(name string, called, inner []byte) error {
		switch {
		case private(name):
			vacate(called, inner)
		case name == "mvhd":
			return m.length(inner)
		case name == "mvex":
			return inFragments()
		case name == "trak":
			return m.track(called, inner)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case m.width == 0:
		return broken("a film without a picture")
	case m.duration == 0:
		return broken("a film without a length")
	}
	return nil
}

// length reads the movie's header.
func (m *movie) length(header []byte) error {
	var scale, units uint64
	switch {
	case len(header) >= 32 && header[0] == 1:
		scale, units = uint64(binary.BigEndian.Uint32(header[20:])), binary.BigEndian.Uint64(header[24:])
	case len(header) >= 20 && header[0] == 0:
		scale, units = uint64(binary.BigEndian.Uint32(header[12:])), uint64(binary.BigEndian.Uint32(header[16:]))
	}
	if scale == 0 || units/scale > uint64(maxLength/time.Second) {
		return broken("a film's length")
	}
	whole, rest := units/scale, units%scale
	m.duration = time.Duration(whole)*time.Second + time.Duration(rest*uint64(time.Second)/scale) //nolint:gosec // G115: at most a day
	return nil
}

// track reads one track, and vacates it where it is telemetry.
func (m *movie) track(called, content []byte) error {
	t := track{}
	if err := t.read(content, 0); err != nil {
		return err
	}
	if !slices.Contains(tracks, t.handler) {
		m.erase = append(m.erase, t.samples()...)
		if len(m.erase) > maxErased {
			return fmt.Errorf("%w: telemetry in more than %d places", ErrTooComplex, maxErased)
		}
		vacate(called, content)
		return nil
	}
	if t.handler == "vide" && m.width == 0 {
		m.width, m.height = t.shown()
	}
	return nil
}

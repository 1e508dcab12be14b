package clean

import "encoding/binary"

// maxDepth is how deep a track's boxes are looked into: track, media, its
// information, the table of samples.
const maxDepth = 4

// maxSide is the longest side of a film.
const maxSide = 16384

// track is one track's tables, as they stand in the file.
type track struct {
	handler                string
	header, entries        []byte // tkhd, stsd
	sizes, chunks, offsets []byte // stsz, stsc, stco or co64
	wide                   bool   // offsets have 64 bits
}

// read finds the tables, and vacates what people and cameras noted.
func (t *track) read(content []byte, depth int) error {
	return each(content, func(name string, called, inner []byte) error {
		switch name {
		case "mdia", "minf", "stbl":
			if depth < maxDepth {
				return t.read(inner, depth+1)
			}
		case "hdlr":
			if depth == 1 && len(inner) >= 12 { // the information has one of its own
				t.handler = string(inner[8:12])
			}
		case "tkhd":
			t.header = inner
		case "stsd":
			t.entries = inner
		case "stsz":
			t.sizes = inner
		case "stsc":
			t.chunks = inner
		case "stco", "co64":
			t.offsets, t.wide = inner, name == "co64"
		default:
			if private(name) {
				vacate(called, inner)
			}
		}
		return nil
	})
}

// shown is how large the track's picture is when it is shown, turned as the
// header says. Zero where neither header nor samples tell.
func (t *track) shown() (width, height int) {
	at := 40 // of the matrix
	if len(t.header) > 0 && t.header[0] == 1 {
		at = 52
	}
	if len(t.header) < at+44 {
		return 0, 0
	}
	w, h := binary.BigEndian.Uint32(t.header[at+36:])>>16, binary.BigEndian.Uint32(t.header[at+40:])>>16
	if (w == 0 || h == 0) && len(t.entries) >= 44 { // what the first description of samples says
		w, h = uint32(binary.BigEndian.Uint16(t.entries[40:])), uint32(binary.BigEndian.Uint16(t.entries[42:]))
	}
	if w == 0 || h == 0 || w > maxSide || h > maxSide {
		return 0, 0
	}
	a, b := binary.BigEndian.Uint32(t.header[at:]), binary.BigEndian.Uint32(t.header[at+4:])
	if a == 0 && b != 0 { // a quarter turn
		w, h = h, w
	}
	return int(w), int(h)
}

// samples are the places in the file that hold the track's data.
func (t *track) samples() (places []Range) {
	step := 4
	if t.wide {
		step = 8
	}
	if len(t.sizes) < 12 || len(t.chunks) < 8 || len(t.offsets) < 8 {
		return nil
	}
	uniform, table := int64(binary.BigEndian.Uint32(t.sizes[4:])), t.sizes[12:]
	runs, offsets := t.chunks[8:], t.offsets[8:]
	perChunk, sample := int64(0), int64(0)
	for chunk := int64(1); len(offsets) >= step; chunk++ {
		from := int64(binary.BigEndian.Uint32(offsets))
		if t.wide {
			from = int64(binary.BigEndian.Uint64(offsets)) //nolint:gosec // G115: a negative place is none
		}
		offsets = offsets[step:]
		if len(runs) >= 12 && int64(binary.BigEndian.Uint32(runs)) == chunk {
			perChunk = int64(binary.BigEndian.Uint32(runs[4:]))
			runs = runs[12:]
		}
		to := from
		if uniform > 0 {
			to += uniform * perChunk
		}
		for i := int64(0); uniform == 0 && i < perChunk && (sample+1)*4 <= int64(len(table)); i++ {
			to += int64(binary.BigEndian.Uint32(table[sample*4:]))
			sample++
		}
		if from >= 0 && to > from {
			places = append(places, Range{from, to})
		}
	}
	return places
}

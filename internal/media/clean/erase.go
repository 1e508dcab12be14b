package clean

import (
	"cmp"
	"io"
	"slices"
)

// Erase copies a file and writes zeros over the ranges, wherever they lie in it.
func Erase(dst io.Writer, src io.Reader, ranges []Range) (int64, error) {
	return io.Copy(&eraser{dst: dst, ranges: merged(ranges)}, src)
}

// merged are the same places in their order, each once.
func merged(ranges []Range) (apart []Range) {
	ranges = slices.Clone(ranges)
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.From, b.From) })
	for _, r := range ranges {
		if last := len(apart) - 1; last >= 0 && r.From <= apart[last].To {
			apart[last].To = max(apart[last].To, r.To)
			continue
		}
		apart = append(apart, r)
	}
	return apart
}

// eraser knows where it is in the file.
type eraser struct {
	dst    io.Writer
	ranges []Range // those that do not end before that, in their order
	at     int64
}

func (e *eraser) Write(piece []byte) (int, error) {
	end, changed := e.at+int64(len(piece)), piece
	for _, r := range e.ranges {
		if r.From >= end {
			break
		}
		if &changed[0] == &piece[0] {
			changed = slices.Clone(piece) // a writer changes nothing of its caller's
		}
		clear(changed[max(r.From, e.at)-e.at : min(r.To, end)-e.at])
	}
	for len(e.ranges) > 0 && e.ranges[0].To <= end {
		e.ranges = e.ranges[1:]
	}
	e.at = end
	return e.dst.Write(changed)
}

package rows

import "hash/maphash"

// seenAtMost is how many rows a Seen remembers: some 40 MB of them.
const seenAtMost = 1 << 20

// Seen remembers which rows of empty tables were written. It keeps a hash of
// each: a row may be taken for one that was written, never the other way round.
type Seen struct {
	seed maphash.Seed
	rows map[uint64]struct{}
	full bool // from here on, every row may have been written
}

// NewSeen remembers nothing yet.
func NewSeen() *Seen { return &Seen{seed: maphash.MakeSeed(), rows: map[uint64]struct{}{}} }

// split tells rows that were certainly not written before from the others, and
// remembers all of them.
func (s *Seen) split(shape *Shape, puts []*fate) (fresh, others []*fate) {
	if s == nil || s.full {
		return nil, puts
	}
	for _, one := range puts {
		mark := maphash.String(s.seed, shape.Name+"\x00"+one.key)
		if _, written := s.rows[mark]; written {
			others = append(others, one)
			continue
		}
		s.rows[mark] = struct{}{}
		fresh = append(fresh, one)
	}
	if s.full = len(s.rows) >= seenAtMost; s.full {
		s.rows = nil
	}
	return fresh, others
}

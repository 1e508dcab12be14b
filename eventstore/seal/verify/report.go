// Package verify compares a database with a checkpoint that somebody has kept
// outside it. It trusts the public key and nothing else: every event is read
// and hashed again. What the database says of itself, tiles and stored
// checkpoints, serves to tell where the first difference is.
package verify

import (
	"fmt"

	"behalf/eventstore/seal/checkpoint"
)

// Kind says what is wrong.
type Kind string

// The kinds of findings.
const (
	Changed    Kind = "changed"    // an event is not what was sealed
	Missing    Kind = "missing"    // an event that was sealed is not there
	Inserted   Kind = "inserted"   // an event is there that was not sealed
	Tile       Kind = "tile"       // the stored tree is not that of the events
	Checkpoint Kind = "checkpoint" // a stored checkpoint is not that of the events, or not signed
	Form       Kind = "form"       // an event contradicts itself or its stream
)

// Finding is one thing that is wrong.
type Finding struct {
	Kind     Kind   `json:"kind"`
	Position int64  `json:"position"` // the first bad position
	Exact    bool   `json:"exact"`    // false: the first bad position is this one or a later one
	Detail   string `json:"detail"`
}

func (f Finding) String() string {
	where := "position"
	if !f.Exact {
		where = "at or after position"
	}
	return fmt.Sprintf("%s %d: %s: %s", where, f.Position, f.Kind, f.Detail)
}

// Report is what a comparison found.
type Report struct {
	Checkpoint checkpoint.Checkpoint
	Events     int64     // read and hashed
	Position   int64     // of the last of them
	Newer      int64     // events that the checkpoint does not cover: nothing is said of them
	Findings   []Finding // none: the database is a continuation of the checkpoint
}

// Fine reports that nothing is wrong.
func (r Report) Fine() bool { return len(r.Findings) == 0 }

// Progress is told how many of how many events have been read.
type Progress func(done, total int64)

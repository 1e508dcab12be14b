// Package write has the database append: requests that share a call of
// log.append, or one alone, are checked and written in one transaction.
package write

import (
	"time"

	"behalf/domain"
)

// Request is what one decision wants written, encoded.
type Request struct {
	Reads    []Read  // each stream once
	Events   []Event // may be none: then the request only proves what it read
	Metadata []byte
	Command  *Command // what to remember the request under; nil for none
	BasedOn  int64    // the position to remember for a command without events
}

// Read is a stream that a request reads or writes.
type Read struct {
	Stream    domain.Stream
	Name      string // the stream's
	Expected  int
	Last      int // the version of the last event that the request puts there
	Written   bool
	Workspace domain.WorkspaceID // the tenant of what is written
}

// Event is one of a request's events.
type Event struct {
	Place   int // of its stream in Reads
	Version int
	ID      domain.EventID
	Type    string
	Data    []byte
}

// Command is what a request is remembered under.
type Command struct {
	ID        [16]byte
	User      domain.UserID
	Workspace domain.WorkspaceID
	BodyHash  [32]byte
}

// Outcome is what became of one request: one of the three.
type Outcome struct {
	Positions []int64 // of its events, which stand
	Moment    time.Time
	Moved     *Moved // it conflicts
	Repeated  bool   // its command has been answered already
}

// Moved is a stream that is not at the version that was expected.
type Moved struct {
	Read *Read
	To   int
}

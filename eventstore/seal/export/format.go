// Package export carries the history of a workspace away in one file, which
// anybody who has the log's public key can check offline: that every event in
// it is what was sealed, and that none of the workspace's is left out.
//
// The file is a sequence of JSON values, a line each, in their one form:
//
//	{"export":"behalf/1","workspace":…,"checkpoint":…}   once
//	{"leaf":…,"event":{…},"path":[…]}                    every event, by position
//	{"stream":…,"version":…}                             every stream, by name
//	{"statement":…}                                      once: signed, over all lines before
package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"behalf/domain"
	"behalf/eventstore/seal/tree"
)

// ErrNotGenuine: the file is not, byte for byte, an export that was signed.
var ErrNotGenuine = errors.New("this export is not genuine")

// version is the form that this package writes and reads.
const version = "behalf/1"

// maxLine is how long a line is at most, in bytes.
const maxLine = 16 << 20

// head is the first line.
type head struct {
	Export     string             `json:"export"`
	Workspace  domain.WorkspaceID `json:"workspace"`
	Checkpoint string             `json:"checkpoint"`
}

// entry is an event with its proof; the checkpoint is the head's.
type entry struct {
	Leaf  int64       `json:"leaf"`
	Event tree.Event  `json:"event"`
	Path  []tlog.Hash `json:"path"`
}

// stream says at which version a stream is.
type stream struct {
	Stream  string `json:"stream"`
	Version int    `json:"version"`
}

// tail is the last line.
type tail struct {
	Statement string `json:"statement"`
}

// Summary is what an export says of itself, and what its statement is about.
type Summary struct {
	Workspace domain.WorkspaceID
	Origin    string // which log
	Size      int64  // events of the whole log that the checkpoint covers
	Events    int    // of the workspace
	Streams   int    // of the workspace
}

// statement is the text that is signed: what the export holds, and the SHA-256
// of all lines before.
func (s Summary) statement(digest [32]byte) string {
	return fmt.Sprintf("behalf export 1\n%s\n%s\n%d\n%d\n%d\n%s\n",
		s.Origin, s.Workspace, s.Size, s.Events, s.Streams, tlog.Hash(digest))
}

// line is the one form of a value.
func line(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return buffer.Bytes(), err
}

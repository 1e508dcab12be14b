package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
)

// Check verifies an export with nothing but public keys. It fails with
// ErrNotGenuine, naming the first bad line, for a file of which any byte was
// changed, or any line removed or added.
func Check(from io.Reader, known checkpoint.Verifiers) (Summary, error) {
	c := &checker{from: bufio.NewReaderSize(from, 1<<16), known: known, digest: sha256.New(), versions: map[string]int{}}
	for c.check = c.head; c.check != nil; {
		if err := c.next(); err != nil {
			return Summary{}, err
		}
	}
	if _, err := c.from.ReadByte(); !errors.Is(err, io.EOF) {
		return Summary{}, c.refuse("something follows the statement")
	}
	return c.summary, nil
}

type checker struct {
	from   *bufio.Reader
	known  checkpoint.Verifiers
	digest hash.Hash
	buffer []byte                     // the current line
	check  func(content []byte) error // of the next line; nil behind the last

	number   int
	first    head
	signed   checkpoint.Checkpoint
	summary  Summary
	position int64
	versions map[string]int
	last     string // the stream of the line before
}

func (c *checker) refuse(format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrNotGenuine, c.number, fmt.Sprintf(format, args...))
}

func (c *checker) next() error {
	c.number++
	content, err := c.line()
	switch {
	case errors.Is(err, errTooLong):
		return c.refuse("it is longer than any line of an export")
	case errors.Is(err, io.EOF):
		return c.refuse("the file ends too early")
	case err != nil:
		return fmt.Errorf("read the export: %w", err)
	}
	if err := c.check(content); err != nil {
		return err
	}
	_, _ = c.digest.Write(content) // never fails, see hash.Hash
	return nil
}

var errTooLong = errors.New("the line is too long")

// line reads up to the next line feed, and no further than an export's lines go:
// whoever made the file may have made it to fill the memory.
func (c *checker) line() ([]byte, error) {
	c.buffer = c.buffer[:0]
	for {
		piece, err := c.from.ReadSlice('\n')
		if len(c.buffer)+len(piece) > maxLine {
			return nil, errTooLong
		}
		c.buffer = append(c.buffer, piece...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return c.buffer, err
		}
	}
}

// read decodes a line, which has to be in its one form.
func read[T any](c *checker, content []byte) (value T, err error) {
	if json.Unmarshal(content, &value) != nil {
		return value, c.refuse("it is not what is expected here")
	}
	again, err := line(value)
	if err != nil || !bytes.Equal(again, content) {
		return value, c.refuse("it is not written as exports are")
	}
	return value, nil
}

func (c *checker) head(content []byte) (err error) {
	if c.first, err = read[head](c, content); err != nil {
		return err
	}
	if c.first.Export != version || c.first.Workspace.IsZero() {
		return c.refuse("it is not the beginning of an export of this version")
	}
	if c.signed, err = checkpoint.Open([]byte(c.first.Checkpoint), c.known); err != nil {
		return c.refuse("%s", err)
	}
	c.summary = Summary{Workspace: c.first.Workspace, Origin: c.signed.Origin, Size: c.signed.Size}
	c.check = c.entry
	return nil
}

// entry takes an event, or the first stream behind the last event.
func (c *checker) entry(content []byte) error {
	if bytes.HasPrefix(content, []byte(`{"stream":`)) {
		c.check = c.stream
		return c.stream(content)
	}
	e, err := read[entry](c, content)
	if err != nil {
		return err
	}
	if err := seal.CheckPath(c.signed, e.Leaf, e.Event, e.Path); err != nil {
		return c.refuse("%s", err)
	}
	c.versions[e.Event.Stream]++
	switch {
	case e.Event.Workspace != c.first.Workspace:
		return c.refuse("the event is of another workspace")
	case e.Event.Position <= c.position:
		return c.refuse("the events are not in order")
	case int(e.Event.Version) != c.versions[e.Event.Stream]:
		return c.refuse("version %d of %s is missing", c.versions[e.Event.Stream], e.Event.Stream)
	}
	c.position = e.Event.Position
	c.summary.Events++
	return nil
}

// stream takes a stream's version, or the statement behind the last stream.
func (c *checker) stream(content []byte) error {
	if bytes.HasPrefix(content, []byte(`{"statement":`)) {
		return c.tail(content)
	}
	s, err := read[stream](c, content)
	if err != nil {
		return err
	}
	switch {
	case s.Stream <= c.last:
		return c.refuse("the streams are not in order")
	case s.Version != c.versions[s.Stream]:
		return c.refuse("%s is at version %d, the export has %d", s.Stream, s.Version, c.versions[s.Stream])
	}
	c.last = s.Stream
	c.summary.Streams++
	return nil
}

func (c *checker) tail(content []byte) error {
	t, err := read[tail](c, content)
	if err != nil {
		return err
	}
	opened, err := checkpoint.OpenNote([]byte(t.Statement), c.known)
	if err != nil {
		return c.refuse("%s", err)
	}
	switch {
	case len(opened.Sigs) != 1 || len(opened.UnverifiedSigs) != 0 || opened.Sigs[0].Name != c.summary.Origin:
		return c.refuse("the statement is not signed by the log's key alone")
	case c.summary.Streams != len(c.versions):
		return c.refuse("%d streams are listed, the events are of %d", c.summary.Streams, len(c.versions))
	case opened.Text != c.summary.statement([32]byte(c.digest.Sum(nil))):
		return c.refuse("the statement is not about this export")
	}
	c.check = nil
	return nil
}

// Package checkpoint is the signed form of a tree: notes as C2SP describes
// them under tlog-checkpoint and signed-note, with Ed25519 signatures.
package checkpoint

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Why a checkpoint does not count.
var (
	// ErrMalformed: it is not a checkpoint, or not in its one form.
	ErrMalformed = errors.New("this is not a checkpoint")
	// ErrUntrusted: no known key has signed it.
	ErrUntrusted = errors.New("no key that is trusted here has signed it")
	// ErrForged: a signature says that it is of a known key, and is not.
	ErrForged = errors.New("a signature is wrong")
)

// Checkpoint says what a log was at some moment.
type Checkpoint struct {
	Origin string    // which log
	Size   int64     // how many leaves its tree had
	Root   tlog.Hash // the tree's root
}

// Text is what is signed: origin, size, root, a line each.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// Sign writes the checkpoint with a signature of each of the keys. The origin
// is the keys' name.
func Sign(size int64, root tlog.Hash, keys Signers) ([]byte, error) {
	c := Checkpoint{Origin: keys.Origin(), Size: size, Root: root}
	signed, err := note.Sign(&note.Note{Text: c.Text()}, keys...)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of %d: %w", size, err)
	}
	return signed, nil
}

// Open reads a checkpoint that one of the known keys has signed, and whose
// origin is that key's name. Extension lines are allowed and not looked at.
func Open(signed []byte, known Verifiers) (Checkpoint, error) {
	opened, err := OpenNote(signed, known)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := parse(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if opened.Sigs[0].Name != c.Origin {
		return Checkpoint{}, fmt.Errorf("%w: a key of %q signed for %q", ErrUntrusted, opened.Sigs[0].Name, c.Origin)
	}
	return c, nil
}

func parse(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return Checkpoint{}, fmt.Errorf("%w: it does not have three lines", ErrMalformed)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("%w: its second line is not a size", ErrMalformed)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Checkpoint{}, fmt.Errorf("%w: its third line is not a hash", ErrMalformed)
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root}, nil
}

// OpenNote opens any note that one of the known keys has signed. Beyond what
// the format asks for, signatures have to be in their one base64 form, so that
// no byte of them can change unseen.
func OpenNote(signed []byte, known Verifiers) (*note.Note, error) {
	opened, err := note.Open(signed, known)
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return nil, ErrUntrusted
	case errors.As(err, &invalid):
		return nil, fmt.Errorf("%w: that of %s", ErrForged, invalid.Name)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	for _, signature := range append(opened.Sigs, opened.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(signature.Base64); err != nil {
			return nil, fmt.Errorf("%w: a signature is not in its one form", ErrMalformed)
		}
	}
	return opened, nil
}

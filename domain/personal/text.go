// Package personal is how the history holds what belongs to a person: their
// address, their name, where they came from (R66); and what belongs to a
// workspace alone, what its posts say (R13).
//
// A personal text is said in plain words by a decision, sealed with the
// person's or the workspace's own key before it is appended, and stays sealed wherever it goes
// from there: in the log, in folded states, in views. It is opened at the last
// moment, for whoever is shown it or written to. Destroying the key makes every
// copy of it unreadable at once, the oldest backup's too.
package personal

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"behalf/domain"
)

// What history, views and answers show of a person who was erased, and of what
// was written in a workspace that was deleted.
const (
	Erased  = "erased person"
	Deleted = "deleted content"
)

// hidden is what a text prints as, and what one reveals that nobody has opened.
const hidden = "[personal]"

// ErrUnsealed says that a personal text was about to be written in plain words.
var ErrUnsealed = errors.New("a personal text is written sealed or not at all")

// Text is a personal text: in plain words, sealed, or erased. It prints and
// logs as "[personal]"; only Reveal tells. The zero Text says nothing.
type Text struct {
	of     Subject
	plain  *string // a pointer, because printers that reach into other structs show its address alone
	sealed string  // the ciphertext
	at     Place   // where it was sealed for
	erased bool
	shown  bool // it is marshalled for people, see Show
}

// Place is where a text stands in the log. A ciphertext opens nowhere else.
type Place struct {
	ID    [16]byte // of the event; of the command for what stands in the metadata of all its events
	Field string   // the path of the field: "email", "client"
}

// New is what a person's text says, in plain words.
func New(person domain.UserID, says string) Text { return Person(person).Says(says) }

// Sealed is a person's text whose ciphertext was made for a place.
func Sealed(person domain.UserID, at Place, ciphertext []byte) Text {
	return Person(person).Sealed(at, ciphertext)
}

// Lost is a text of a person whose key is destroyed.
func Lost(person domain.UserID) Text { return Person(person).Lost() }

// At returns the text for a place. It means something for a text in plain
// words that is about to be sealed, and for a sealed one that was just read.
func (t Text) At(at Place) Text {
	if !t.IsZero() {
		t.at = at
	}
	return t
}

// Person is whose text it is; zero for a workspace's.
func (t Text) Person() domain.UserID { return t.of.person }

// Of is whose text it is.
func (t Text) Of() Subject { return t.of }

// Place is where the text stands.
func (t Text) Place() Place { return t.at }

// Ciphertext is what a sealed text holds; nil for others.
func (t Text) Ciphertext() []byte {
	if t.sealed == "" {
		return nil
	}
	return []byte(t.sealed)
}

// AppendCiphertext appends what Ciphertext is.
func (t Text) AppendCiphertext(to []byte) []byte { return append(to, t.sealed...) }

// Plain returns the words of a text that is open, and whether it is.
func (t Text) Plain() (says string, open bool) {
	if t.plain == nil {
		return "", false
	}
	return *t.plain, true
}

// Reveal is what people may read: the words, Erased for an erased person,
// Deleted for a deleted workspace, a placeholder for a text that was not opened. The zero Text reveals nothing.
func (t Text) Reveal() string {
	switch {
	case t.IsZero():
		return ""
	case t.plain != nil:
		return *t.plain
	case t.erased:
		return t.of.lost()
	}
	return hidden
}

// IsErased reports that nobody can read this text any more.
func (t Text) IsErased() bool { return t.erased }

// IsSealed reports that the text has to be opened before it says anything.
func (t Text) IsSealed() bool { return t.sealed != "" }

// IsZero reports whether there is no text at all.
func (t Text) IsZero() bool { return t.plain == nil && t.sealed == "" && !t.erased }

func (t Text) String() string {
	if t.erased {
		return t.of.lost()
	}
	return hidden
}

// GoString redacts %#v.
func (t Text) GoString() string { return t.String() }

// Format redacts every verb.
func (t Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue redacts structured logs.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

package codec

import (
	"bytes"
	"encoding/json"
	"sync"

	"behalf/domain"
	"behalf/domain/personal"
)

// Encode returns the bytes that the log keeps of an event. Personal texts have
// to be sealed, or it fails with personal.ErrUnsealed.
func Encode(event domain.Event) ([]byte, error) { return Canonical(event) }

// Show returns an event's JSON form for people: its personal texts in words
// where they were opened, personal.Erased for erased people.
func Show(event domain.Event) ([]byte, error) { return Canonical(personal.Show(event)) }

// encoding is a JSON encoder that is used again, with its buffer.
type encoding struct {
	buffer  bytes.Buffer
	encoder *json.Encoder
}

var encodings = sync.Pool{New: func() any {
	e := new(encoding)
	e.encoder = json.NewEncoder(&e.buffer)
	e.encoder.SetEscapeHTML(false)
	return e
}}

// Canonical is the one JSON form of a value: fields in their declared order,
// map keys sorted, no white space, nothing escaped for HTML.
func Canonical(value any) ([]byte, error) {
	e := encodings.Get().(*encoding)
	e.buffer.Reset()
	if err := e.encoder.Encode(value); err != nil {
		return nil, err // and the encoder is not used again: it keeps its error
	}
	defer encodings.Put(e)
	return bytes.Clone(bytes.TrimSuffix(e.buffer.Bytes(), []byte("\n"))), nil
}

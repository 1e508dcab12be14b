package personal

import (
	"bytes"
	"database/sql/driver"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"behalf/domain"
)

// form is a text as an event holds it. An erased one has no ciphertext. Its
// place is not in it: where it stands is where it has to have been sealed for.
type form struct {
	Person    domain.UserID      `json:"person,omitzero"`
	Workspace domain.WorkspaceID `json:"workspace,omitzero"` // whose it is when it is no person's
	Sealed    []byte             `json:"sealed,omitempty"`   // nonce, ciphertext, tag
}

// MarshalJSON writes a sealed or an erased text, null for none, and fails with
// ErrUnsealed for one in plain words. After Show it writes what people may read.
func (t Text) MarshalJSON() ([]byte, error) {
	switch {
	case t.IsZero():
		return []byte("null"), nil
	case t.shown:
		return words(t.Reveal())
	case t.plain != nil:
		return nil, ErrUnsealed
	}
	return json.Marshal(form{Person: t.of.person, Workspace: t.of.workspace, Sealed: t.Ciphertext()})
}

// words is a JSON string with nothing escaped for HTML.
func words(says string) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(says)
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), err
}

// UnmarshalJSON reads the stored form.
func (t *Text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*t = Text{}
		return nil
	}
	var read form
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil || !read.Person.IsZero() && !read.Workspace.IsZero() {
		return errors.New("a personal text is stored as a person or a workspace, and a ciphertext") // the cause would quote it
	}
	of := Subject{person: read.Person, workspace: read.Workspace}
	*t = Text{of: of, sealed: string(read.Sealed), erased: len(read.Sealed) == 0}
	return nil
}

// Value writes a text for a column of a view, its place included, so that it
// can be opened there: "usr_…|<id>|<field>|<base64>". It implements
// driver.Valuer and fails with ErrUnsealed like MarshalJSON.
func (t Text) Value() (driver.Value, error) {
	switch {
	case t.IsZero():
		return "", nil
	case t.plain != nil:
		return nil, ErrUnsealed
	case t.erased:
		return t.of.String(), nil
	}
	return strings.Join([]string{
		t.of.String(), hex.EncodeToString(t.at.ID[:]), t.at.Field, base64.RawStdEncoding.EncodeToString([]byte(t.sealed)),
	}, "|"), nil
}

var errMalformed = errors.New("a malformed personal text")

// Scan reads what Value wrote; null is the zero Text. It implements sql.Scanner.
func (t *Text) Scan(from any) error {
	*t = Text{}
	var written string
	switch from := from.(type) {
	case nil:
		return nil
	case string:
		written = from
	case []byte:
		written = string(from)
	default:
		return fmt.Errorf("a personal text cannot be read from a %T", from)
	}
	if written == "" {
		return nil
	}
	owner, rest, sealed := strings.Cut(written, "|")
	of, err := parseSubject(owner)
	if err != nil {
		return errors.New("a personal text without its person or workspace")
	}
	if !sealed {
		*t = of.Lost()
		return nil
	}
	place, rest, _ := strings.Cut(rest, "|")
	field, ciphered, _ := strings.Cut(rest, "|")
	var id [16]byte
	ciphertext, err := base64.RawStdEncoding.AppendDecode(make([]byte, 0, 256), []byte(ciphered)) // refuses a fifth part
	if err != nil || len(ciphertext) == 0 || len(place) != hex.EncodedLen(len(id)) {
		return errMalformed
	}
	if _, err := hex.Decode(id[:], []byte(place)); err != nil {
		return errMalformed
	}
	*t = of.Sealed(Place{ID: id, Field: field}, ciphertext)
	return nil
}

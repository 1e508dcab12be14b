package personal

import (
	"strings"

	"behalf/domain"
)

// Subject is whose key a text is sealed with: a person's or a workspace's. The
// zero Subject is nobody.
type Subject struct {
	person    domain.UserID
	workspace domain.WorkspaceID
}

// Person is the subject of what is about a person (R66).
func Person(id domain.UserID) Subject { return Subject{person: id} }

// Workspace is the subject of what was written in a workspace (R13).
func Workspace(id domain.WorkspaceID) Subject { return Subject{workspace: id} }

// IsZero reports whether it is nobody.
func (s Subject) IsZero() bool { return s == Subject{} }

// Person returns the person, zero for a workspace.
func (s Subject) Person() domain.UserID { return s.person }

// Workspace returns the workspace, zero for a person.
func (s Subject) Workspace() domain.WorkspaceID { return s.workspace }

// String is the id of the person or the workspace.
func (s Subject) String() string {
	if !s.workspace.IsZero() {
		return s.workspace.String()
	}
	return s.person.String()
}

// parseSubject reads what String wrote.
func parseSubject(id string) (s Subject, err error) {
	if strings.HasPrefix(id, "ws_") {
		err = s.workspace.UnmarshalText([]byte(id))
		return s, err
	}
	err = s.person.UnmarshalText([]byte(id))
	return s, err
}

// Says is what a text of the subject's says, in plain words.
func (s Subject) Says(words string) Text { return Text{of: s, plain: &words} }

// Sealed is a text of the subject's whose ciphertext was made for a place.
func (s Subject) Sealed(at Place, ciphertext []byte) Text {
	return Text{of: s, at: at, sealed: string(ciphertext)}
}

// Lost is a text of the subject's, whose key is destroyed.
func (s Subject) Lost() Text { return Text{of: s, erased: true} }

func (s Subject) lost() string {
	if !s.workspace.IsZero() {
		return Deleted
	}
	return Erased
}

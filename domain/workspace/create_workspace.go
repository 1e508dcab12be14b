package workspace

import (
	"strings"
	"unicode/utf8"

	"behalf/domain"
)

// maxName is how many characters a workspace's name may have.
const maxName = 100

// CreateWorkspace opens a workspace whose Owner is the user who acts (R2).
type CreateWorkspace struct {
	ID   domain.WorkspaceID `json:"-"`
	Name string             `json:"name" minLength:"1" maxLength:"100" doc:"What people call the workspace."`
}

// Start gives the new workspace its id.
func (c *CreateWorkspace) Start(by domain.Actor) {
	if c.ID.IsZero() {
		c.ID = by.NewWorkspaceID()
	}
}

// Decide refuses a malformed name.
func (c CreateWorkspace) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	name := strings.TrimSpace(c.Name)
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsAny(name, "\r\n") {
		return nil, domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	if w.Exists() {
		return nil, domain.Clash(0, "workspace_exists", "This workspace exists already.")
	}
	return []domain.Event{Created{Name: name, Owner: by.User}}, nil
}

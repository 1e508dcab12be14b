package workspace

import (
	"strings"

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

// Decide answers R32 to whoever is not a person, for every workspace has an
// Owner (R3), and refuses a malformed name.
func (c CreateWorkspace) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if by.User.IsZero() {
		return nil, domain.Hidden()
	}
	name, err := checkName(c.Name)
	if err != nil {
		return nil, err
	}
	if w.Exists() {
		return nil, domain.Clash(0, "workspace_exists", "This workspace exists already.")
	}
	return []domain.Event{Created{Name: name, Owner: by.User}}, nil
}

// checkName is the name without the spaces around it.
func checkName(name string) (string, error) {
	trimmed := strings.TrimSpace(name)
	if !domain.IsLine(trimmed, maxName) {
		return "", domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	return trimmed, nil
}

package workspace

import "behalf/domain"

// RenameWorkspace gives the workspace another name (R13).
type RenameWorkspace struct {
	Name string `json:"name" minLength:"1" maxLength:"100" doc:"What people call the workspace from now on."`
}

// Decide refuses with R13 everybody but the Owner, and a malformed name. The
// name that it has already changes nothing.
func (c RenameWorkspace) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R13); err != nil {
		return nil, err
	}
	name, err := checkName(c.Name)
	if err != nil || name == w.Name {
		return nil, err
	}
	return []domain.Event{Renamed{From: w.Name, To: name}}, nil
}

package closing

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

const (
	// ExportPatience is how long making an archive may take before another one
	// can be asked for.
	ExportPatience = 24 * time.Hour
	// ExportLife is how long an archive can be fetched.
	ExportLife = 7 * 24 * time.Hour
)

// ExportWorkspace has one archive made of everything that the workspace holds:
// data, media, and the history with its proofs (R13). A closed workspace can be
// exported, and so can one that is about to be deleted.
type ExportWorkspace struct{}

// Decide refuses with R13 everybody but the Owner, and a second archive while
// one is being made.
func (c ExportWorkspace) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := ownerAlways(w, by); err != nil {
		return nil, err
	}
	if awaited(w.Export, by.Now) {
		return nil, domain.Clash(domain.R13, "export_under_way", "An archive is being made already. You are told when it is ready.")
	}
	return []domain.Event{workspace.ExportRequested{Export: by.NewExportID(), Until: by.Now.Add(ExportPatience)}}, nil
}

// awaited reports whether the export is still being made.
func awaited(e workspace.Export, now time.Time) bool {
	return !e.ID.IsZero() && !e.Ready && now.Before(e.Until)
}

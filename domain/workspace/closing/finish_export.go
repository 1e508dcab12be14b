package closing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// FinishExport offers an archive that was made and stored (R13). Of several
// that were made of one request, because somebody died or was slow, the first
// is offered.
type FinishExport struct {
	Export domain.ExportID
	Object string
	Bytes  int64
	SHA256 string
}

// Decide answers nothing when the export is ready already, was given up for
// another one, or the workspace is deleted: then nobody wants this archive.
func (c FinishExport) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !w.Exists() {
		return nil, domain.Hidden()
	}
	if w.Deleted || w.Export.ID != c.Export || w.Export.Ready {
		return nil, nil
	}
	return []domain.Event{workspace.ExportFinished{
		Export: c.Export, Owner: w.Owner, Object: c.Object, Bytes: c.Bytes, SHA256: c.SHA256, Until: by.Now.Add(ExportLife),
	}}, nil
}

package workspace

import (
	"time"

	"behalf/domain"
)

// ExportRequested: the Owner wants an archive of everything (R13).
type ExportRequested struct {
	Export domain.ExportID `json:"export"`
	Until  time.Time       `json:"until"` // if it has not been made by then, another one may be asked for
}

// ExportFinished: the archive is there, for the Owner to fetch until it is swept.
type ExportFinished struct {
	Export domain.ExportID `json:"export"`
	Owner  domain.UserID   `json:"owner"`  // who is told
	Object string          `json:"object"` // what the storage has it under, below the workspace's own folder; no secret
	Bytes  int64           `json:"bytes"`
	SHA256 string          `json:"sha256"` // in hexadecimal digits
	Until  time.Time       `json:"until"`
}

// The events' names in the log.

func (ExportRequested) EventType() string { return "workspace.export_requested.v1" }
func (ExportFinished) EventType() string  { return "workspace.export_finished.v1" }

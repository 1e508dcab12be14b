// Package exports keeps the archives of everything in a workspace that were asked
// for, and how long each can be fetched (R13).
package exports

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// View is the view exports.
var View = view.View{
	Name: "exports", Version: 1, Tables: exportsTables, Indexes: exportsIndexes, Access: exportsAccess,
	Types:  view.Types(workspace.ExportRequested{}, workspace.ExportFinished{}, workspace.Deleted{}),
	Handle: handleExports,
}

const exportsTables = `
create table exports (
	workspace_id uuid not null,
	export_id uuid not null,
	position bigint not null,
	requested_by uuid,
	requested_at timestamptz not null,
	wanted_until timestamptz not null,
	ready_at timestamptz,
	expires_at timestamptz,
	object text not null,
	bytes bigint not null,
	sha256 text not null,
	primary key (workspace_id, export_id)
)`

const exportsIndexes = `
create index exports_newest on exports (workspace_id, position);
create index exports_wanted on exports (wanted_until) where ready_at is null;
create index exports_by_object on exports (object) where object <> ''`

const exportsAccess = `
create policy api on exports for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
)`

// Export is one archive.
type Export struct {
	Workspace   domain.WorkspaceID `db:"workspace_id"`
	ID          domain.ExportID    `db:"export_id"`
	Position    int64              `db:"position"` // of its request: newer ones have higher ones
	RequestedBy domain.UserID      `db:"requested_by"`
	RequestedAt time.Time          `db:"requested_at"`
	WantedUntil time.Time          `db:"wanted_until"` // nobody makes it after that
	ReadyAt     time.Time          `db:"ready_at"`     // zero while it is being made
	ExpiresAt   time.Time          `db:"expires_at"`   // from then on it cannot be fetched any more
	Object      string             `db:"object"`       // what the storage has it under, within the workspace's folder
	Bytes       int64              `db:"bytes"`
	SHA256      string             `db:"sha256"` // in hexadecimal digits
}

var exports = rows.NewTable[Export]("exports", "workspace_id", "export_id")

func handleExports(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case workspace.ExportRequested:
		return []rows.Change{exports.Put(Export{
			Workspace: recorded.Workspace, ID: e.Export, Position: recorded.Position,
			RequestedBy: recorded.Metadata.Actor, RequestedAt: recorded.RecordedAt, WantedUntil: e.Until.UTC(),
		})}
	case workspace.ExportFinished:
		return []rows.Change{exports.Patch(
			rows.Values{"workspace_id": recorded.Workspace, "export_id": e.Export},
			rows.Values{
				"ready_at": recorded.RecordedAt, "expires_at": e.Until.UTC(), "object": e.Object, "bytes": e.Bytes, "sha256": e.SHA256,
			},
		)}
	case workspace.Deleted:
		return []rows.Change{exports.Delete(rows.Values{"workspace_id": recorded.Workspace})}
	}
	return nil
}

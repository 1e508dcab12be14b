package work

import (
	"context"
	"time"

	"behalf/domain"
)

const sqlWantedExports = `
select
	workspace_id,
	export_id,
	position
from views.exports
where ready_at is null
and wanted_until > $1
order by wanted_until
limit $2`

// WantedExport is an archive that is still to be made.
type WantedExport struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	ID        domain.ExportID    `db:"export_id"`
	Position  int64              `db:"position"` // of its request
}

// WantedExports lists archives that are still to be made, the oldest first.
func (r *Reader) WantedExports(ctx context.Context, now time.Time, limit int) ([]WantedExport, error) {
	return list[WantedExport](ctx, r, "exports that are wanted", sqlWantedExports, now, limit)
}

const sqlKeptExports = `
select
	workspace_id,
	object
from views.exports
where object = any ($1)
and expires_at > $2`

// KeptExport is an archive that can still be fetched.
type KeptExport struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Object    string             `db:"object"`
}

// KeptExports keeps of some objects those that can still be fetched.
func (r *Reader) KeptExports(ctx context.Context, objects []string, now time.Time) ([]KeptExport, error) {
	return list[KeptExport](ctx, r, "exports that are kept", sqlKeptExports, objects, now)
}

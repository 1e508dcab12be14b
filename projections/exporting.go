package projections

import (
	"context"
	"time"

	"behalf/domain"
)

const sqlWantedExports = `
select
	workspace_id, export_id, position, requested_by, requested_at, wanted_until,
	ready_at, expires_at, object, bytes, sha256
from views.exports
where ready_at is null
and wanted_until > $1
order by wanted_until
limit $2`

// WantedExports lists archives that are still to be made, the oldest first.
func (w *Work) WantedExports(ctx context.Context, now time.Time, limit int) ([]Export, error) {
	return workList[Export](ctx, w, "exports that are wanted", sqlWantedExports, now, limit)
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
func (w *Work) KeptExports(ctx context.Context, objects []string, now time.Time) ([]KeptExport, error) {
	return workList[KeptExport](ctx, w, "exports that are kept", sqlKeptExports, objects, now)
}

package reading

import (
	"context"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/exports"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

const sqlExports = `
select
	workspace_id, export_id, position, requested_by, requested_at, wanted_until,
	ready_at, expires_at, object, bytes, sha256
from views.exports
where workspace_id = $1
and ($2::uuid is null or export_id = $2)
and ($3::bigint is null or position < $3)
order by position desc
limit $4`

// Export is one archive, with all that the view keeps of it.
type Export = exports.Export

// ExportPage says which archives are asked for.
type ExportPage struct {
	Before *int64 // only older than this Position; nil: from the newest on
	Limit  int    // 0: all
}

// Exports lists the archives of the scope's workspace, the newest first.
func (r *Reader) Exports(ctx context.Context, scope eventstore.Scope, atLeast int64, page ExportPage) (Answer[[]Export], error) {
	return List(ctx, r, scope, atLeast, []projections.View{projections.Exports}, func(batch *pgx.Batch, into *[]Export) {
		rows.Queue(batch, into, sqlExports, rows.UUID(scope.Workspace), nil, page.Before, rows.AtMost(page.Limit))
	})
}

// Export answers one archive of the scope's workspace, or ErrNotFound.
func (r *Reader) Export(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.ExportID) (Answer[Export], error) {
	return One(ctx, r, scope, atLeast, []projections.View{projections.Exports}, func(batch *pgx.Batch, into *[]Export) {
		rows.Queue(batch, into, sqlExports, rows.UUID(scope.Workspace), rows.UUID(id), nil, nil)
	})
}

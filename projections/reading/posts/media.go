package posts

import (
	"context"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

const sqlUseOfMedium = `
with mine as materialized (
	select a.account_id
	from unnest($3::uuid[]) as a (account_id)
	union
	select c.account_id
	from views.connections as c
	where c.workspace_id = $1
	and c.holder_id = $4
	and c.connection_id is not null
)
select coalesce(bool_or(
	(not p.private or p.author_id = $4 or exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.state <> 'draft'
	))
	and exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.account_id in (select account_id from mine)
	)
	and (p.author_id = $4 or exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.state <> 'draft'
	) or not exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.account_id not in (select account_id from mine)
	))
), false) as seen,
count(*) > 0 as used
from views.posts as p
where p.workspace_id = $1
and p.media ? $2`

// MediaUse is which posts name a medium.
type MediaUse struct {
	Seen bool `db:"seen"` // one that the scope's user sees
	Used bool `db:"used"` // any
}

// UseOfMedium reports whether the scope's user sees a post that names the medium, as
// in List: on one of the accounts that are theirs (R27), not kept private by
// somebody else, and as long as it is somebody else's draft, on no account that is
// not theirs (R31); and whether any post does. Theirs are those that are assigned
// to them, as the log says now (R64), and those that they connected.
func UseOfMedium(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, medium domain.MediaID, assigned []domain.AccountID) (reading.Answer[MediaUse], error) {
	return reading.One(ctx, views, scope, atLeast, []projections.View{projections.Posts, projections.Accounts}, func(batch *pgx.Batch, into *[]MediaUse) {
		rows.Queue(batch, into, sqlUseOfMedium, rows.UUID(scope.Workspace), medium.String(), rows.UUIDs(assigned), rows.UUID(scope.User))
	})
}

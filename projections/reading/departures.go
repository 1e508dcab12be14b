package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/posts"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Departure is what was taken from whom, and what is still to be done about it.
type Departure struct {
	Position    int64               `db:"position"` // of its event: newer ones have higher ones
	What        posts.DepartureKind `db:"what"`
	User        domain.UserID       `db:"user_id"`    // zero: an account has gone
	Account     domain.AccountID    `db:"account_id"` // zero: every account
	At          time.Time           `db:"departed_at"`
	Posts       int64               `db:"posts"`       // that have still to pass to the Owner, or to be stopped (R61)
	Connections int64               `db:"connections"` // that have still to be destroyed (R62)
}

const sqlDepartures = `
select
	d.position,
	d.what,
	d.user_id,
	d.account_id,
	d.departed_at,
	case when d.what = 'account' then (
		select count(distinct t.post_id)
		from views.targets as t
		where t.workspace_id = d.workspace_id
		and t.account_id = d.account_id
		and t.state in ('waiting', 'scheduled', 'needs_reauthentication')
	) else (
		select count(distinct t.post_id)
		from views.targets as t
		where t.workspace_id = d.workspace_id
		and t.author_id = d.user_id
		and t.author_id <> w.owner_id
		and t.author_since < d.position
		and (d.account_id is null or t.account_id = d.account_id)
	) end as posts,
	(
		select count(*)
		from views.connections as c
		where c.workspace_id = d.workspace_id
		and c.connection_id is not null
		and (
			d.what = 'account' and c.account_id = d.account_id
			or d.what = 'membership' and c.holder_id = d.user_id and c.position < d.position
		)
	) as connections
from views.departures as d
join views.workspaces as w on w.workspace_id = d.workspace_id
where d.workspace_id = $1
and ($2::bigint is null or d.position < $2)
order by d.position desc
limit $3`

// DeparturePage says which departures are asked for.
type DeparturePage struct {
	Before *int64 // nil: from the newest on
	Limit  int    // 0: all
}

// Departures lists who and what has gone from the scope's workspace, the newest first.
func (r *Reader) Departures(ctx context.Context, scope eventstore.Scope, atLeast int64, page DeparturePage) (Answer[[]Departure], error) {
	return List(ctx, r, scope, atLeast, []projections.View{projections.Posts, projections.Accounts, projections.Members}, func(batch *pgx.Batch, into *[]Departure) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlDepartures, rows.UUID(scope.Workspace), page.Before, rows.AtMost(page.Limit))
	})
}

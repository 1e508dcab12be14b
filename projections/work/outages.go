package work

import (
	"context"
	"time"

	"behalf/domain"
)

// Outage is a connection that somebody was asked to mend and has not yet (R44).
type Outage struct {
	Event      domain.EventID      `db:"event_id"`
	Position   int64               `db:"position"`
	Workspace  domain.WorkspaceID  `db:"workspace_id"`
	Account    domain.AccountID    `db:"account_id"`
	Holder     domain.UserID       `db:"holder_id"`
	Connection domain.ConnectionID `db:"connection_id"` // zero if the holder never had one
	Code       string              `db:"code"`
	Detail     string              `db:"detail"`
	Since      time.Time           `db:"since"`
}

const sqlOutages = `
select
	outage_event as event_id,
	outage_position as position,
	workspace_id,
	account_id,
	holder_id,
	connection_id,
	outage_code as code,
	outage_detail as detail,
	since
from views.connections
where outage_event is not null
and since > $1
order by since
limit $2`

// OutagesSince lists open outages that began after a moment, the oldest first.
func (r *Reader) OutagesSince(ctx context.Context, moment time.Time, limit int) ([]Outage, error) {
	return list[Outage](ctx, r, "open outages", sqlOutages, moment, limit)
}

const sqlOutagesUnmended = `
select
	c.workspace_id,
	c.account_id,
	c.holder_id,
	due.days
from views.connections as c
join views.accounts as a on a.account_id = c.account_id
join views.workspaces as w on w.workspace_id = c.workspace_id
cross join lateral (
	select max(d.days) as days
	from unnest($2::int[]) as d (days)
	where c.since <= $1::timestamptz - make_interval(days => d.days)
) as due
where c.outage_event is not null
and due.days > c.reminded
and w.closed_at is null
and w.delete_at is null
and (c.holder_id = w.owner_id or exists (
	select
	from views.assignments as g
	where g.workspace_id = c.workspace_id
	and g.user_id = c.holder_id
	and g.account_id = c.account_id
	and g.credential_mode = 'member'
))
order by c.since
limit $3`

// OpenOutage is an outage whose holder has not mended it so many days after
// they were asked, and was not reminded of that many.
type OpenOutage struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Account   domain.AccountID   `db:"account_id"`
	Holder    domain.UserID      `db:"holder_id"`
	Days      int                `db:"days"`
}

// Outages lists those that are to be reminded of by now, after one of the given
// numbers of days, the oldest first. Of whom nothing is published through is
// not reminded.
func (r *Reader) Outages(ctx context.Context, now time.Time, days []int, limit int) ([]OpenOutage, error) {
	return list[OpenOutage](ctx, r, "outages to be reminded of", sqlOutagesUnmended, now, days, limit)
}

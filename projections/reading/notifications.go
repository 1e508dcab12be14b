package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Notification is one thing that a person was told.
type Notification struct {
	Event         domain.EventID     `db:"event_id"`
	Position      int64              `db:"position"`
	Kind          notice.Kind        `db:"kind"`
	Workspace     domain.WorkspaceID `db:"workspace_id"`   // zero for what concerns the person's own account
	WorkspaceName string             `db:"workspace_name"` // as it was called then
	Account       domain.AccountID   `db:"account_id"`
	AccountName   string             `db:"account_name"`
	Network       string             `db:"network"`
	Actor         domain.UserID      `db:"actor_id"` // who did it; zero for a part of Behalf
	Details       string             `db:"details"`
	ToldAt        time.Time          `db:"told_at"`
	Read          bool               `db:"read"`
}

// Notice is what the notification tells, for its words.
func (n Notification) Notice(to domain.UserID) (notice.Notice, notice.Names) {
	return notice.Notice{Kind: n.Kind, To: to, Account: n.Account, Details: notice.ParseDetails(n.Details)},
		notice.Names{Workspace: n.WorkspaceName, Account: n.AccountName, Network: n.Network}
}

// NotificationPage is which of a person's notifications are asked for.
type NotificationPage struct {
	Before int64 // positions below it; 0 for all
	Unread bool  // only what they have not read
	Limit  int
}

// What a person has switched off is not shown. What they have read is known one
// by one, and by having read everything up to a position.
const sqlNotifications = `
select
	n.event_id,
	n.position,
	n.kind,
	n.workspace_id,
	w.name as workspace_name,
	n.account_id,
	a.name as account_name,
	a.network,
	n.actor_id,
	n.details,
	n.told_at,
	(r.event_id is not null or n.position <= coalesce(t.position, 0)) as read
from views.told as n
left join notices.read_to as t on t.person = n.user_id
left join notices.read as r on r.person = n.user_id and r.event_id = n.event_id
left join lateral (
	select called.name
	from views.notified_names as called
	where called.subject_id = n.workspace_id
	and called.position <= n.position
	order by called.position desc
	limit 1
) as w on true
left join lateral (
	select
		called.name,
		called.network
	from views.notified_names as called
	where called.subject_id = n.account_id
	and called.position <= n.position
	order by called.position desc
	limit 1
) as a on true
where n.user_id = $1
and n.position > $2
and ($3::bigint = 0 or n.position < $3)
and (not $4 or r.event_id is null and n.position > coalesce(t.position, 0))
and not exists (
	select
	from notices.preferences as p
	where p.person = n.user_id
	and p.kind = n.kind
	and p.channel = 'product'
	and not p.wanted
)
order by
	case when $5 then n.position end,
	n.position desc
limit $6`

// Notifications lists what the scope's user was told, the newest first.
func (r *Reader) Notifications(ctx context.Context, scope eventstore.Scope, atLeast int64, page NotificationPage) (Answer[[]Notification], error) {
	return List(ctx, r, scope, atLeast, toldViews, func(batch *pgx.Batch, into *[]Notification) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlNotifications, rows.UUID(scope.User), int64(0), page.Before, page.Unread, false, page.Limit)
	})
}

// NotificationsAfter lists what the scope's user was told after a position, the
// oldest first.
func (r *Reader) NotificationsAfter(ctx context.Context, scope eventstore.Scope, after int64, limit int) (Answer[[]Notification], error) {
	return List(ctx, r, scope, 0, toldViews, func(batch *pgx.Batch, into *[]Notification) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlNotifications, rows.UUID(scope.User), after, int64(0), false, true, limit)
	})
}

const sqlUnread = `
select count(*) as unread
from views.told as n
left join notices.read_to as t on t.person = n.user_id
left join notices.read as r on r.person = n.user_id and r.event_id = n.event_id
where n.user_id = $1
and r.event_id is null
and n.position > coalesce(t.position, 0)
and not exists (
	select
	from notices.preferences as p
	where p.person = n.user_id
	and p.kind = n.kind
	and p.channel = 'product'
	and not p.wanted
)`

// toldViews are those that say what a person is told: the workspaces that they
// are a member of included.
var toldViews = []projections.View{projections.Notifications, projections.Members}

type unread struct {
	Count int64 `db:"unread"`
}

// Unread counts what the scope's user was told and has not read.
func (r *Reader) Unread(ctx context.Context, scope eventstore.Scope, atLeast int64) (Answer[int64], error) {
	found, err := One(ctx, r, scope, atLeast, toldViews, func(batch *pgx.Batch, into *[]unread) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlUnread, rows.UUID(scope.User))
	})
	return instead(found, found.Value.Count), err
}

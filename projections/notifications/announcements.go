package notifications

import (
	"time"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// What all members of a workspace are told, one row an event.
const announcementsTables = `
create table announcements (
	workspace_id uuid not null,
	event_id uuid not null,
	position bigint not null,
	kind text not null,
	account_id uuid,
	actor_id uuid,
	details text not null,
	told_at timestamptz not null,
	primary key (workspace_id, event_id)
)`

const announcementsIndexes = `
create index announcements_newest on announcements (workspace_id, position)`

// told is what every person is told: alone, or as a member of a workspace since
// they joined. Nobody is told what they did themselves, and of an account, or a
// post to it (notice.Kind.IsAboutPost), only those who have it are (R27, R64).
const announcementsAccess = `
create policy api on notifications for select to behalf_api using (
	user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
);
create policy api on announcements for select to behalf_api using (
	exists (
		select
		from views.members as m
		where m.workspace_id = announcements.workspace_id
		and m.user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
		and m.joined_at < announcements.told_at
	)
);
create view told with (security_invoker = true) as
select
	user_id,
	event_id,
	position,
	kind,
	workspace_id,
	account_id,
	actor_id,
	details,
	told_at
from notifications as n
where n.account_id is null
or n.kind not like 'post\_%'
or exists (
	select
	from views.members as m
	where m.workspace_id = n.workspace_id
	and m.user_id = n.user_id
	and m.role = 'owner'
)
or exists (
	select
	from views.assignments as a
	where a.workspace_id = n.workspace_id
	and a.user_id = n.user_id
	and a.account_id = n.account_id
)
union all
select
	m.user_id,
	n.event_id,
	n.position,
	n.kind,
	n.workspace_id,
	n.account_id,
	n.actor_id,
	n.details,
	n.told_at
from views.members as m
join announcements as n on n.workspace_id = m.workspace_id and n.told_at > m.joined_at
where n.actor_id is distinct from m.user_id
and (
	n.account_id is null
	or m.role = 'owner'
	or exists (
		select
		from views.assignments as a
		where a.workspace_id = m.workspace_id
		and a.user_id = m.user_id
		and a.account_id = n.account_id
	)
)`

type announcementRow struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Event     domain.EventID     `db:"event_id"`
	Position  int64              `db:"position"`
	Kind      notice.Kind        `db:"kind"`
	Account   domain.AccountID   `db:"account_id"`
	Actor     domain.UserID      `db:"actor_id"`
	Details   string             `db:"details"` // notice.Details, as JSON
	ToldAt    time.Time          `db:"told_at"`
}

var announcements = rows.NewTable[announcementRow]("announcements", "workspace_id", "event_id")

func announced(recorded eventstore.Recorded, told notice.Notice) rows.Change {
	return announcements.Put(announcementRow{
		Workspace: recorded.Workspace, Event: recorded.ID, Position: recorded.Position, Kind: told.Kind, Account: told.Account,
		Actor: recorded.Metadata.Actor, Details: told.Details.String(), ToldAt: recorded.RecordedAt,
	})
}

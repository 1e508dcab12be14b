// Package notifications keeps what everybody is told inside the product. Nothing in
// it is personal; what things are called is kept as of each moment, because who has
// left a workspace, or was only ever invited, is to learn nothing newer (R32). What
// a whole workspace is told is one row: who is a member, the members say.
package notifications

import (
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// View is the view notifications. Who sees its tables is asked of the members.
var View = view.View{
	Name: "notifications", Version: 4, Tables: notificationsTables + ";\n" + announcementsTables,
	Indexes: notificationsIndexes + ";\n" + announcementsIndexes, Access: announcementsAccess + ";\n" + notificationsAccess,
	Types: view.Types(slices.Concat(notice.Events(), notice.Announcements(), []domain.Event{
		workspace.Created{}, workspace.AccountAdded{}, workspace.MemberLeft{}, workspace.Deleted{}, user.Erased{},
	})...),
	Handle: handleNotifications,
}

const notificationsTables = `
create table notifications (
	user_id uuid not null,
	place text not null,
	event_id uuid not null,
	position bigint not null,
	kind text not null,
	workspace_id uuid,
	account_id uuid,
	actor_id uuid,
	details text not null,
	told_at timestamptz not null,
	primary key (user_id, place, event_id)
);
create table notified_names (
	subject_id uuid not null,
	position bigint not null,
	name text not null,
	network text not null,
	primary key (subject_id, position)
)`

const notificationsIndexes = `
create index notifications_newest on notifications (user_id, position)`

const notificationsAccess = `
create policy api on notified_names for select to behalf_api using (
	exists (
		select
		from told as n
		where n.user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
		and subject_id in (n.workspace_id, n.account_id)
		and notified_names.position <= n.position
	)
)`

type notificationRow struct {
	User      domain.UserID      `db:"user_id"`
	Place     string             `db:"place"` // the workspace's id; empty for what concerns the person's own account
	Event     domain.EventID     `db:"event_id"`
	Position  int64              `db:"position"`
	Kind      notice.Kind        `db:"kind"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Account   domain.AccountID   `db:"account_id"`
	Actor     domain.UserID      `db:"actor_id"`
	Details   string             `db:"details"` // notice.Details, as JSON
	ToldAt    time.Time          `db:"told_at"`
}

// nameRow is what a workspace or an account is called from a position on.
type nameRow struct {
	Subject  [16]byte `db:"subject_id"`
	Position int64    `db:"position"`
	Name     string   `db:"name"`
	Network  string   `db:"network"` // an account's
}

var (
	notifications = rows.NewTable[notificationRow]("notifications", "user_id", "place", "event_id")
	notifiedNames = rows.NewTable[nameRow]("notified_names", "subject_id", "position")
)

func handleNotifications(recorded eventstore.Recorded) []rows.Change {
	var changes []rows.Change
	switch e := recorded.Event.(type) {
	case workspace.Created:
		changes = append(changes, notifiedNames.Put(nameRow{Subject: recorded.Workspace, Position: recorded.Position, Name: e.Name}))
	case workspace.Renamed:
		changes = append(changes, notifiedNames.Put(nameRow{Subject: recorded.Workspace, Position: recorded.Position, Name: e.To}))
	case workspace.AccountAdded:
		changes = append(changes, notifiedNames.Put(nameRow{
			Subject: e.Account, Position: recorded.Position, Name: e.Name, Network: e.Network,
		}))
	case workspace.MemberRemoved:
		changes = append(changes, forgotten(e.Member, recorded.Workspace))
	case workspace.MemberLeft:
		changes = append(changes, forgotten(e.Member, recorded.Workspace))
	case workspace.Deleted: // what was told about it names what nobody may read any more (R13)
		changes = append(changes, notifications.Delete(rows.Values{"place": recorded.Workspace.String()}),
			announcements.Delete(rows.Values{"workspace_id": recorded.Workspace}))
	case user.Erased: // nobody is left to be told (R66)
		return []rows.Change{notifications.Delete(rows.Values{"user_id": domain.UserID(recorded.Stream.ID)})}
	}
	if told, is := notice.Announced(recorded.Event); is {
		changes = append(changes, announced(recorded, told))
	}
	for _, told := range notice.Of(recorded.Event, recorded.Stream, recorded.Metadata.Actor) {
		if told.Kind.In(notice.Product) {
			changes = append(changes, notifications.Put(notificationRow{
				User: told.To, Place: recorded.Workspace.String(), Event: recorded.ID, Position: recorded.Position, Kind: told.Kind, Workspace: recorded.Workspace,
				Account: told.Account, Actor: recorded.Metadata.Actor, Details: told.Details.String(), ToldAt: recorded.RecordedAt,
			}))
		}
	}
	return changes
}

// forgotten takes back what somebody was told about a workspace that they
// belong to no more (R32).
func forgotten(member domain.UserID, ws domain.WorkspaceID) rows.Change {
	return notifications.Delete(rows.Values{"user_id": member, "place": ws.String()})
}

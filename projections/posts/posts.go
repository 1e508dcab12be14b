// Package posts keeps what was written, every revision of it, what was said and
// decided about it, and how far it has come on each account; beside them, who has
// gone or may not post any more, so that what is left of theirs is found (R61).
package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// View is the view posts. Its tables name nobody else's.
var View = view.View{
	Name: "posts", Version: 4, Tables: postsTables + ";\n" + talkTables + ";\n" + departuresTables, Indexes: postsIndexes,
	Access: postsAccess + ";\n" + talkAccess + ";\n" + departuresAccess,
	Types: append(departuresTypes, view.Types(
		post.WrittenPlain{}, post.Written{}, post.Edited{}, post.VisibilityChanged{}, post.Commented{}, post.CommentDeleted{},
		post.Scheduled{}, post.Rescheduled{}, post.Unscheduled{}, post.Approved{}, post.Declinement{}, post.ApprovalReminded{},
		post.TargetScheduled{}, post.TargetClaimed{}, post.TargetReleased{}, post.TargetPublished{}, post.TargetConfirmed{},
		post.TargetFailed{}, post.TargetUnknown{}, post.TargetUnresolved{}, post.TargetTroubled{}, post.TargetNeedsReauthentication{}, post.TargetHandedOver{}, post.TargetMissed{},
		post.TargetDeletionRequested{}, post.TargetDeletionFailed{}, post.TargetDeleted{}, post.Deletion{}, post.Passed{},
	)...),
	Handle: handlePosts,
}

const postsTables = `
create table posts (
	post_id uuid primary key,
	workspace_id uuid not null,
	author_id uuid not null,
	text text not null,
	revision integer not null,
	zone text not null,
	written_at timestamptz not null,
	position bigint not null,
	content text not null,
	media jsonb not null,
	reviser_id uuid not null,
	private boolean not null
);
create table targets (
	post_id uuid not null,
	account_id uuid not null,
	workspace_id uuid not null,
	identity text not null,
	state text not null,
	due timestamptz,
	not_before timestamptz,
	gates jsonb not null,
	attempt_id uuid,
	deadline timestamptz,
	mode text not null,
	holder_id uuid,
	connection_id uuid,
	posted_as text not null,
	rules jsonb not null,
	remote text not null,
	url text not null,
	code text not null,
	detail text not null,
	position bigint not null,
	author_id uuid not null,
	author_since bigint not null,
	on_approval boolean not null,
	note text not null,
	published_at timestamptz,
	waiting_since timestamptz,
	reminded boolean not null,
	primary key (post_id, account_id)
)`

const postsIndexes = `
create index posts_newest on posts (workspace_id, position);
create index targets_due on targets (greatest(due, not_before)) where state = 'scheduled';
create index targets_scheduled on targets (coalesce(due, not_before)) where state = 'scheduled';
create index targets_claimed on targets (deadline) where state = 'claimed';
create index targets_waiting on targets (due) where state = 'waiting';
create index targets_handed_over on targets (deadline) where state = 'handed_over';
create index targets_unknown on targets (deadline) where state = 'unknown';
create index targets_deleting on targets (position) where state = 'deleting';
create index posts_media on posts using gin (media);
create index targets_calendar on targets (due, workspace_id);
create index targets_held on targets (account_id, holder_id) where state = 'needs_reauthentication';
create index targets_by_author on targets (author_id, author_since);
create index departures_newest on departures (workspace_id, position);
create index targets_open on targets (account_id) where state in ('waiting', 'scheduled', 'needs_reauthentication')`

const postsAccess = `
create policy api on posts for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create policy api on targets for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
)`

type postRow struct {
	Post      domain.PostID      `db:"post_id"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Author    domain.UserID      `db:"author_id"`
	Text      string             `db:"text"` // what the first version of the event held in plain words; else empty
	Revision  int                `db:"revision"`
	Zone      string             `db:"zone"`
	WrittenAt time.Time          `db:"written_at"`
	Position  int64              `db:"position"` // of its first event: newer posts have higher ones
	Content   personal.Text      `db:"content"`  // of the latest revision, sealed
	Media     []domain.MediaID   `db:"media"`    // that it uses
	Reviser   domain.UserID      `db:"reviser_id"`
	Private   bool               `db:"private"` // as long as it is a draft (R31)
}

type targetRow struct {
	Post       domain.PostID            `db:"post_id"`
	Account    domain.AccountID         `db:"account_id"`
	Workspace  domain.WorkspaceID       `db:"workspace_id"`
	Identity   string                   `db:"identity"` // the post's own choice
	State      post.TargetState         `db:"state"`
	Due        time.Time                `db:"due"`
	NotBefore  time.Time                `db:"not_before"` // of the next attempt
	Gates      []post.Gate              `db:"gates"`
	Attempt    domain.AttemptID         `db:"attempt_id"` // the latest
	Deadline   time.Time                `db:"deadline"`   // of the attempt that is running, or of whatever else the target waits for in its state
	Mode       workspace.CredentialMode `db:"mode"`       // of the latest attempt, or of the connection that is waited for (R43)
	Holder     domain.UserID            `db:"holder_id"`
	Connection domain.ConnectionID      `db:"connection_id"`
	PostedAs   string                   `db:"posted_as"`
	Rules      []string                 `db:"rules"` // why that connection
	Remote     string                   `db:"remote"`
	URL        string                   `db:"url"`
	Code       string                   `db:"code"` // of the latest hindrance
	Detail     string                   `db:"detail"`
	Position   int64                    `db:"position"`     // of the latest event
	Author     domain.UserID            `db:"author_id"`    // whose the target is (R61)
	Since      int64                    `db:"author_since"` // the position from which on it is theirs
	OnApproval bool                     `db:"on_approval"`  // it goes out once it is approved, until due
	Note       personal.Text            `db:"note"`         // of who declined it, sealed
	Published  time.Time                `db:"published_at"`
	Waits      time.Time                `db:"waiting_since"` // when approvals were asked for last
	Reminded   bool                     `db:"reminded"`      // whoever has still to approve it was reminded of this due (R56)
}

var (
	posts   = rows.NewTable[postRow]("posts", "post_id")
	targets = rows.NewTable[targetRow]("targets", "post_id", "account_id")
)

func handlePosts(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case post.WrittenPlain:
		now := e.Now()
		now.Content = personal.Text{} // it was never sealed
		return written(recorded, now, e.Text)
	case post.Written:
		return written(recorded, e, "")
	case post.Edited:
		return edited(recorded, e)
	case post.VisibilityChanged:
		return []rows.Change{posts.Patch(ofPost(recorded), rows.Values{"private": e.Private})}
	case post.Scheduled:
		return scheduled(recorded, e)
	case post.Passed:
		return passed(recorded, e)
	case post.Deletion:
		return deleted(recorded, e)
	}
	if departed := departed(recorded); departed != nil {
		return departed
	}
	if talked := handleTalk(recorded); talked != nil {
		return talked
	}
	return handleTarget(recorded)
}

// ofPost is the key of what belongs to the post whose event was recorded.
func ofPost(recorded eventstore.Recorded) rows.Values {
	return rows.Values{"post_id": domain.PostID(recorded.Stream.ID)}
}

func onAccount(recorded eventstore.Recorded, account domain.AccountID) rows.Values {
	return rows.Values{"post_id": domain.PostID(recorded.Stream.ID), "account_id": account}
}

func written(recorded eventstore.Recorded, e post.Written, plain string) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	media := e.Media
	if media == nil {
		media = []domain.MediaID{}
	}
	changes := []rows.Change{
		posts.Put(postRow{
			Post: id, Workspace: recorded.Workspace, Author: e.Author, Text: plain, Revision: 1,
			WrittenAt: recorded.RecordedAt, Position: recorded.Position,
			Content: e.Content, Media: media, Reviser: e.Author, Private: e.Private,
		}),
		revisions.Put(revisionRow{
			Post: id, Revision: 1, Workspace: recorded.Workspace, By: e.Author, At: recorded.RecordedAt,
			Content: e.Content, Text: plain, Accounts: placesOf(e.Targets),
		}),
	}
	for _, place := range e.Targets {
		changes = append(changes, targets.Put(draft(recorded, e.Author, place)))
	}
	return changes
}

func draft(recorded eventstore.Recorded, author domain.UserID, place post.Place) targetRow {
	return targetRow{
		Post: domain.PostID(recorded.Stream.ID), Account: place.Account, Workspace: recorded.Workspace,
		Author: author, Since: recorded.Position, Identity: place.Identity, State: post.Draft,
		Gates: []post.Gate{}, Rules: []string{}, Position: recorded.Position,
	}
}

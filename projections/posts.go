package projections

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// Posts are what was written and how far it has come on each account; beside
// them, who has gone or may not post any more, so that what is left of theirs
// is found (R61).
var Posts = View{
	Name: "posts", Version: 2, Tables: postsTables + ";\n" + departuresTables, Indexes: postsIndexes,
	Access: postsAccess + ";\n" + departuresAccess,
	Types: append(departuresTypes, view.Types(
		post.Written{}, post.Scheduled{}, post.TargetScheduled{}, post.TargetClaimed{}, post.TargetReleased{}, post.TargetPublished{},
		post.TargetFailed{}, post.TargetUnknown{}, post.TargetNeedsReauthentication{}, post.TargetMissed{}, post.Passed{},
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
	position bigint not null
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
	primary key (post_id, account_id)
)`

const postsIndexes = `
create index posts_newest on posts (workspace_id, position);
create index targets_due on targets (greatest(due, not_before)) where state = 'scheduled';
create index targets_claimed on targets (deadline) where state = 'claimed';
create index targets_waiting on targets (due) where state = 'waiting';
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
	Text      string             `db:"text"`
	Revision  int                `db:"revision"`
	Zone      string             `db:"zone"`
	WrittenAt time.Time          `db:"written_at"`
	Position  int64              `db:"position"` // of its first event: newer posts have higher ones
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
	Deadline   time.Time                `db:"deadline"`   // of the attempt that is running
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
}

var (
	posts   = rows.NewTable[postRow]("posts", "post_id")
	targets = rows.NewTable[targetRow]("targets", "post_id", "account_id")
)

func handlePosts(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case post.Written:
		return written(recorded, e)
	case post.Scheduled:
		return scheduled(recorded, e)
	case post.Passed:
		return passed(recorded, e)
	}
	if departed := departed(recorded); departed != nil {
		return departed
	}
	return handleTarget(recorded)
}

func written(recorded eventstore.Recorded, e post.Written) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	changes := []rows.Change{posts.Put(postRow{
		Post: id, Workspace: recorded.Workspace, Author: e.Author, Text: e.Text, Revision: 1,
		WrittenAt: recorded.RecordedAt, Position: recorded.Position,
	})}
	for _, destination := range e.Targets {
		changes = append(changes, targets.Put(targetRow{
			Post: id, Account: destination.Account, Workspace: recorded.Workspace,
			Author: e.Author, Since: recorded.Position, Identity: destination.Identity, State: post.Draft,
			Gates: []post.Gate{}, Rules: []string{}, Position: recorded.Position,
		}))
	}
	return changes
}

// passed takes a post, or some of its targets, from an author who may not post
// there any more (R61).
func passed(recorded eventstore.Recorded, e post.Passed) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	var changes []rows.Change
	if e.Whole {
		changes = append(changes, posts.Patch(rows.Values{"post_id": id}, rows.Values{"author_id": e.To}))
	}
	for _, account := range e.Accounts {
		changes = append(changes, targets.Patch(
			rows.Values{"post_id": id, "account_id": account}, rows.Values{
				"author_id": e.To, "author_since": recorded.Position, "identity": "", "position": recorded.Position,
			}))
	}
	for _, account := range e.Drafts {
		changes = append(changes, targets.Patch(
			rows.Values{"post_id": id, "account_id": account}, rows.Values{"state": post.Draft}))
	}
	return changes
}

// scheduled moves all targets of the post; those with gates wait for approval.
func scheduled(recorded eventstore.Recorded, e post.Scheduled) []rows.Change {
	id := domain.PostID(recorded.Stream.ID)
	changes := []rows.Change{
		posts.Patch(rows.Values{"post_id": id}, rows.Values{"revision": e.Revision, "zone": e.Zone}),
		targets.Patch(rows.Values{"post_id": id}, rows.Values{
			"state": post.Due, "due": e.At.UTC(), "not_before": e.At.UTC(), "gates": []post.Gate{},
			"code": "", "detail": "", "position": recorded.Position,
		}),
	}
	for account, gates := range e.Gates {
		if len(gates) > 0 {
			changes = append(changes, targets.Patch(
				rows.Values{"post_id": id, "account_id": account},
				rows.Values{"state": post.Waiting, "gates": gates},
			))
		}
	}
	return changes
}

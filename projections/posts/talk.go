package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// What is kept of a post beside it: its revisions, who has approved the present
// one, and what was said about it.
const talkTables = `
create table post_revisions (
	post_id uuid not null,
	revision integer not null,
	workspace_id uuid not null,
	by_id uuid not null,
	revised_at timestamptz not null,
	content text not null,
	text text not null,
	accounts jsonb not null,
	primary key (post_id, revision)
);
create table post_approvals (
	post_id uuid not null,
	account_id uuid not null,
	gate text not null,
	by_id uuid not null,
	workspace_id uuid not null,
	approved_at timestamptz not null,
	primary key (post_id, account_id, gate, by_id)
);
create table post_comments (
	post_id uuid not null,
	comment_id uuid not null,
	workspace_id uuid not null,
	by_id uuid not null,
	said_at timestamptz not null,
	text text not null,
	position bigint not null,
	primary key (post_id, comment_id)
)`

const talkAccess = `
create policy api on post_revisions for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create policy api on post_approvals for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create policy api on post_comments for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
)`

type revisionRow struct {
	Post      domain.PostID      `db:"post_id"`
	Revision  int                `db:"revision"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	By        domain.UserID      `db:"by_id"`
	At        time.Time          `db:"revised_at"`
	Content   personal.Text      `db:"content"` // sealed
	Text      string             `db:"text"`    // what the first version of the event held in plain words
	Accounts  []domain.AccountID `db:"accounts"`
}

type approvalRow struct {
	Post      domain.PostID      `db:"post_id"`
	Account   domain.AccountID   `db:"account_id"`
	Gate      post.Gate          `db:"gate"`
	By        domain.UserID      `db:"by_id"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	At        time.Time          `db:"approved_at"`
}

type commentRow struct {
	Post      domain.PostID      `db:"post_id"`
	Comment   domain.CommentID   `db:"comment_id"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	By        domain.UserID      `db:"by_id"`
	At        time.Time          `db:"said_at"`
	Text      personal.Text      `db:"text"` // sealed
	Position  int64              `db:"position"`
}

var (
	revisions = rows.NewTable[revisionRow]("post_revisions", "post_id", "revision")
	approvals = rows.NewTable[approvalRow]("post_approvals", "post_id", "account_id", "gate", "by_id")
	comments  = rows.NewTable[commentRow]("post_comments", "post_id", "comment_id")
)

// handleTalk follows what is said and decided about a post.
func handleTalk(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case post.Approved:
		return approved(recorded, e)
	case post.Declinement:
		var changes []rows.Change
		for _, account := range e.Accounts {
			changes = append(changes,
				approvals.Delete(onAccount(recorded, account)),
				targets.Patch(onAccount(recorded, account), rows.Values{
					"state": post.Declined, "gates": []post.Gate{}, "note": e.Note, "position": recorded.Position,
				}))
		}
		return changes
	case post.Rescheduled:
		changes := []rows.Change{posts.Patch(ofPost(recorded), rows.Values{"zone": e.Zone})}
		for _, account := range e.Accounts {
			changes = append(changes, targets.Patch(onAccount(recorded, account), rows.Values{
				"due": e.At.UTC(), "not_before": e.At.UTC(), "on_approval": false, "reminded": false, "position": recorded.Position,
			}))
		}
		return changes
	case post.ApprovalReminded:
		var changes []rows.Change
		for _, account := range e.Accounts {
			changes = append(changes, targets.Patch(onAccount(recorded, account), rows.Values{"reminded": true}))
		}
		return changes
	case post.Unscheduled:
		var changes []rows.Change
		for _, account := range e.Accounts {
			changes = append(changes, targets.Patch(onAccount(recorded, account), rows.Values{
				"state": post.Draft, "deadline": time.Time{}, "position": recorded.Position,
			}))
		}
		return changes
	case post.Commented:
		return []rows.Change{comments.Put(commentRow{
			Post: domain.PostID(recorded.Stream.ID), Comment: e.Comment, Workspace: recorded.Workspace,
			By: e.By, At: recorded.RecordedAt, Text: e.Text, Position: recorded.Position,
		})}
	case post.CommentDeleted:
		key := ofPost(recorded)
		key["comment_id"] = e.Comment
		return []rows.Change{comments.Delete(key)}
	}
	return nil
}

func approved(recorded eventstore.Recorded, e post.Approved) []rows.Change {
	var changes []rows.Change
	for _, account := range e.Accounts {
		changes = append(changes, approvals.Put(approvalRow{
			Post: domain.PostID(recorded.Stream.ID), Account: account, Gate: e.Gate, By: e.By,
			Workspace: recorded.Workspace, At: recorded.RecordedAt,
		}))
	}
	for _, account := range e.Passed {
		gates := gatesOn(e.Gates, account)
		changes = append(changes, targets.Patch(onAccount(recorded, account), rows.Values{
			"state": waitsOrDue(gates), "gates": gates, "position": recorded.Position,
		}))
	}
	return changes
}

func placesOf(places []post.Place) []domain.AccountID {
	accounts := make([]domain.AccountID, len(places))
	for i, place := range places {
		accounts[i] = place.Account
	}
	return accounts
}

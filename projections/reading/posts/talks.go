package posts

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Revision is what a post said at some time.
type Revision struct {
	Revision int                `db:"revision"`
	By       domain.UserID      `db:"by_id"`
	ByName   personal.Text      `db:"by_name"`
	At       time.Time          `db:"revised_at"`
	Content  personal.Text      `db:"content"` // opened for whoever is shown it (post.ReadContent)
	Text     string             `db:"text"`    // of one that was written in plain words
	Accounts []domain.AccountID `db:"accounts"`
}

const sqlRevisions = `
select
	r.revision,
	r.by_id,
	p.name as by_name,
	r.revised_at,
	r.content,
	r.text,
	r.accounts
from views.post_revisions as r
left join views.people as p on p.user_id = r.by_id
where r.workspace_id = $1
and r.post_id = $2
and ($3::integer[] is null or r.revision = any ($3))
and ($4::bigint is null or r.revision < $4)
order by r.revision desc
limit $5`

// Revisions lists what a post of the scope's workspace said, the newest first:
// these revisions or, where none are named, all before one. Whether the post may
// be seen is the caller's to ask.
func Revisions(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, id domain.PostID, only []int, before *int64, limit int) (reading.Answer[[]Revision], error) {
	return reading.List(ctx, views, scope, atLeast, []projections.View{projections.Posts, projections.People}, func(batch *pgx.Batch, into *[]Revision) {
		rows.Queue(batch, into, sqlRevisions, rows.UUID(scope.Workspace), rows.UUID(id), only, before, rows.AtMost(limit))
	})
}

// Comment is something that was said about a post.
type Comment struct {
	ID       domain.CommentID `db:"comment_id"`
	By       domain.UserID    `db:"by_id"`
	ByName   personal.Text    `db:"by_name"`
	At       time.Time        `db:"said_at"`
	Text     personal.Text    `db:"text"`
	Position int64            `db:"position"`
}

const sqlComments = `
select
	c.comment_id,
	c.by_id,
	p.name as by_name,
	c.said_at,
	c.text,
	c.position
from views.post_comments as c
left join views.people as p on p.user_id = c.by_id
where c.workspace_id = $1
and c.post_id = $2
and ($3::bigint is null or c.position < $3)
order by c.position desc
limit $4`

// Comments lists what was said about a post of the scope's workspace, the newest
// first. Whether the post may be seen is the caller's to ask.
func Comments(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, id domain.PostID, before *int64, limit int) (reading.Answer[[]Comment], error) {
	return reading.List(ctx, views, scope, atLeast, []projections.View{projections.Posts, projections.People}, func(batch *pgx.Batch, into *[]Comment) {
		rows.Queue(batch, into, sqlComments, rows.UUID(scope.Workspace), rows.UUID(id), before, rows.AtMost(limit))
	})
}

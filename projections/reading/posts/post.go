// Package posts answers what people ask about posts: which there are and how far
// they have come, what was said of them, and what is still to go out.
package posts

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Post is a post with its targets.
type Post struct {
	ID         domain.PostID `db:"post_id"`
	Author     domain.UserID `db:"author_id"`
	AuthorName personal.Text `db:"author_name"` // zero for who is no member any more
	Text       string        `db:"text"`        // of a post that was written in plain words and not edited since
	Content    personal.Text `db:"content"`     // of every other; opened for whoever is shown it (post.ReadContent)
	Revision   int           `db:"revision"`
	Reviser    domain.UserID `db:"reviser_id"` // who wrote that revision
	Private    bool          `db:"private"`    // seen by its author alone, as a draft (R31)
	Zone       string        `db:"zone"`       // the author's, for display; often empty
	WrittenAt  time.Time     `db:"written_at"`
	Position   int64         `db:"position"` // of its first event: newer posts have higher ones
	Targets    []Target      // by account; those that may be seen
}

// Target is how far a post has come on one account (R58).
type Target struct {
	Post        domain.PostID            `db:"post_id"`
	Account     domain.AccountID         `db:"account_id"`
	AccountName string                   `db:"account_name"`
	Network     string                   `db:"network"`
	Identity    string                   `db:"identity"` // the post's own choice (R39)
	State       post.TargetState         `db:"state"`
	Due         time.Time                `db:"due"` // zero for a draft
	NotBefore   time.Time                `db:"not_before"`
	Gates       []post.Gate              `db:"gates"`
	Attempt     domain.AttemptID         `db:"attempt_id"`
	Deadline    time.Time                `db:"deadline"` // zero unless claimed
	Mode        workspace.CredentialMode `db:"mode"`     // mode, holder and connection of the latest attempt, or of what is waited for (R43)
	Holder      domain.UserID            `db:"holder_id"`
	HolderName  personal.Text            `db:"holder_name"`
	Connection  domain.ConnectionID      `db:"connection_id"`
	PostedAs    string                   `db:"posted_as"` // posting identity of the latest attempt
	Rules       []string                 `db:"rules"`     // why that connection: "R34"
	Remote      string                   `db:"remote"`    // the network's id of the published post
	URL         string                   `db:"url"`
	Code        string                   `db:"code"` // why it is not published, for machines
	Detail      string                   `db:"detail"`
	Position    int64                    `db:"position"` // of its latest event
	OnApproval  bool                     `db:"on_approval"`
	Note        personal.Text            `db:"note"`         // of who declined it
	PublishedAt time.Time                `db:"published_at"` // zero before
}

const sqlPosts = withSeen + `
select
	p.post_id,
	p.author_id,
	author.name as author_name,
	p.text,
	p.content,
	p.revision,
	p.reviser_id,
	p.private,
	p.zone,
	p.written_at,
	p.position
from views.posts as p` + joinVisible + `
left join views.people as author on author.user_id = p.author_id` + whereAsked

// The targets of the very posts that the query above answers.
const sqlPostTargets = withSeen + `
select
	t.post_id,
	t.account_id,
	a.name as account_name,
	a.network,
	t.identity,
	t.state,
	t.due,
	t.not_before,
	t.gates,
	t.attempt_id,
	t.deadline,
	t.mode,
	t.holder_id,
	holder.name as holder_name,
	t.connection_id,
	t.posted_as,
	t.rules,
	t.remote,
	t.url,
	t.code,
	t.detail,
	t.position,
	t.on_approval,
	t.note,
	t.published_at
from (
	select
		p.post_id,
		p.position
	from views.posts as p` + joinVisible + whereAsked + `
) as asked
join views.targets as t on t.post_id = asked.post_id
left join views.accounts as a on a.account_id = t.account_id
left join views.people as holder on holder.user_id = t.holder_id
where $3::uuid is null or t.account_id in (select account_id from seen)
order by asked.position desc, t.account_id`

// seenViews are those that say which posts there are, and who sees them.
var seenViews = []projections.View{projections.Posts, projections.Accounts, projections.Members, projections.People}

// List lists the posts of the scope's workspace, newest first. The next page
// begins Before the Position of the last one.
func List(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, page Page) (reading.Answer[[]Post], error) {
	return reading.List(ctx, views, scope, atLeast, seenViews, func(batch *pgx.Batch, into *[]Post) {
		ask(batch, into, page.parameters(scope.Workspace, domain.PostID{}))
	})
}

// Find answers one post of the scope's workspace, or reading.ErrNotFound, also when
// seenBy is not zero and may not see any of its accounts, and when it is a draft
// that somebody else than the scope's user keeps private (R31).
func Find(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, id domain.PostID, seenBy domain.UserID) (reading.Answer[Post], error) {
	return reading.One(ctx, views, scope, atLeast, seenViews, func(batch *pgx.Batch, into *[]Post) {
		if !id.IsZero() {
			ask(batch, into, Page{SeenBy: seenBy, Viewer: scope.User}.parameters(scope.Workspace, id))
		}
	})
}

// ask asks for posts and for their targets.
func ask(batch *pgx.Batch, into *[]Post, parameters []any) {
	reading.PlanEach(batch)
	rows.Queue(batch, into, sqlPosts, parameters...)
	rows.QueueEach(batch, sqlPostTargets, parameters, func(target *Target) {
		for i := range *into {
			if (*into)[i].ID == target.Post {
				(*into)[i].Targets = append((*into)[i].Targets, *target)
			}
		}
	})
}

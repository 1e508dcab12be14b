package projections

import (
	"context"
	"math"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Post is a post with its targets.
type Post struct {
	ID         domain.PostID `db:"post_id"`
	Author     domain.UserID `db:"author_id"`
	AuthorName personal.Text `db:"author_name"` // zero for who is no member any more
	Text       string        `db:"text"`
	Revision   int           `db:"revision"`
	Zone       string        `db:"zone"` // the author's, for display; often empty
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
}

// PostPage says which posts are asked for.
type PostPage struct {
	SeenBy domain.UserID // only posts and targets on accounts that this member sees (R27, R28); zero: all
	Before int64         // only posts older than this Position; 0: from the newest on
	Limit  int           // at most so many, 1 to 101; 0: 50

	// Filters; what is zero does not matter.

	Author  domain.UserID
	Account domain.AccountID // one of its targets is on this account
	State   post.TargetState // and in this state
}

const (
	defaultPosts = 50
	maxPosts     = 101 // a page and one more, which tells that there is another
)

// Whether a post may be seen is asked post by post, newest first, until the page
// is full. As an "exists", it would be asked of all targets there are.
const sqlPosts = `
with seen as materialized (
	select v.account_id
	from views.visible_accounts as v
	where v.workspace_id = $1
	and v.user_id = $3
)
select
	p.post_id,
	p.author_id,
	author.name as author_name,
	p.text,
	p.revision,
	p.zone,
	p.written_at,
	p.position
from views.posts as p
left join lateral (
	select true as yes
	from views.targets as t
	where t.post_id = p.post_id
	and t.account_id in (select account_id from seen)
	limit 1
) as visible on $3::uuid is not null
left join views.people as author on author.user_id = p.author_id
where p.workspace_id = $1
and ($2::uuid is null or p.post_id = $2)
and ($3::uuid is null or visible.yes)
and ($6::uuid is null or p.author_id = $6)
and ($7::uuid is null and $8::text is null or exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and ($7::uuid is null or t.account_id = $7)
	and ($8::text is null or t.state = $8)
	and ($3::uuid is null or t.account_id in (select account_id from seen))
))
and p.position < $4
order by p.position desc
limit $5`

// The targets of the very posts that the query above answers.
const sqlPostTargets = `
with seen as materialized (
	select v.account_id
	from views.visible_accounts as v
	where v.workspace_id = $1
	and v.user_id = $3
)
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
	t.position
from (
	select
		p.post_id,
		p.position
	from views.posts as p
	left join lateral (
		select true as yes
		from views.targets as t
		where t.post_id = p.post_id
		and t.account_id in (select account_id from seen)
		limit 1
	) as visible on $3::uuid is not null
	where p.workspace_id = $1
	and ($2::uuid is null or p.post_id = $2)
	and ($3::uuid is null or visible.yes)
	and ($6::uuid is null or p.author_id = $6)
	and ($7::uuid is null and $8::text is null or exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and ($7::uuid is null or t.account_id = $7)
		and ($8::text is null or t.state = $8)
		and ($3::uuid is null or t.account_id in (select account_id from seen))
	))
	and p.position < $4
	order by p.position desc
	limit $5
) as asked
join views.targets as t on t.post_id = asked.post_id
left join views.accounts as a on a.account_id = t.account_id
left join views.people as holder on holder.user_id = t.holder_id
where $3::uuid is null or t.account_id in (select account_id from seen)
order by asked.position desc, t.account_id`

var postsViews = []View{Posts, Accounts, Members, People}

// Posts lists the posts of the scope's workspace, newest first. The next page
// begins Before the Position of the last one.
func (r *Reader) Posts(ctx context.Context, scope eventstore.Scope, atLeast int64, page PostPage) (Answer[[]Post], error) {
	return list(ctx, r, scope, atLeast, postsViews, func(batch *pgx.Batch, into *[]Post) {
		askPosts(batch, into, scope.Workspace, domain.PostID{}, page)
	})
}

// Post answers one post of the scope's workspace, or ErrNotFound, also when
// seenBy is not zero and may not see any of its accounts.
func (r *Reader) Post(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.PostID, seenBy domain.UserID) (Answer[Post], error) {
	return one(ctx, r, scope, atLeast, postsViews, func(batch *pgx.Batch, into *[]Post) {
		if !id.IsZero() {
			askPosts(batch, into, scope.Workspace, id, PostPage{SeenBy: seenBy})
		}
	})
}

func askPosts(batch *pgx.Batch, into *[]Post, ws domain.WorkspaceID, id domain.PostID, page PostPage) {
	if page.Before <= 0 {
		page.Before = math.MaxInt64
	}
	if page.Limit <= 0 {
		page.Limit = defaultPosts
	}
	parameters := []any{rows.UUID(ws), rows.UUID(id), rows.UUID(page.SeenBy), page.Before, min(page.Limit, maxPosts),
		rows.UUID(page.Author), rows.UUID(page.Account), word(page.State)}
	queue(batch, into, sqlPosts, parameters...)
	queueEach(batch, sqlPostTargets, parameters, func(target Target) {
		for i := range *into {
			if (*into)[i].ID == target.Post {
				(*into)[i].Targets = append((*into)[i].Targets, target)
			}
		}
	})
}

package reading

import (
	"context"
	"math"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
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

// PostPage says which posts are asked for.
type PostPage struct {
	SeenBy domain.UserID // only posts and targets on accounts that this member sees (R27, R28); zero: all
	Viewer domain.UserID // who asks: what others keep private is left out (R31); zero: nothing is
	Before int64         // only posts older than this Position; 0: from the newest on
	Limit  int           // at most so many, 1 to 101; 0: 50

	// Filters; what is zero does not matter.

	Author  domain.UserID
	Account domain.AccountID // one of its targets is on this account
	State   post.TargetState // and in this state
	Waiting *Approver        // posts of others that wait for the Viewer
}

// Approver is where somebody may let gates pass.
type Approver struct {
	Team   []domain.AccountID // the team's (R50)
	Client []domain.AccountID // the Clients' (R51)
	Needed []Needed           // whose word the Clients' needs, on accounts where all have to
}

// Needed is a Client without whose word a post does not go out on an account.
type Needed struct {
	Account domain.AccountID
	Client  domain.UserID
}

const (
	defaultPosts = 50
	maxPosts     = 101 // a page and one more, which tells that there is another
)

// Whether a post may be seen is asked post by post, newest first, until the page
// is full. As an "exists", it would be asked of all targets there are. A draft
// is seen by who has all its accounts, or its author alone (R31). What waits for
// somebody is what post.Post.Awaits says: who has approved is asked again where
// that is enough by now.
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

const withSeen = `
with seen as materialized (
	select v.account_id
	from views.visible_accounts as v
	where v.workspace_id = $1
	and v.user_id = $3
)`

const joinVisible = `
left join lateral (
	select true as yes
	from views.targets as t
	where t.post_id = p.post_id
	and t.account_id in (select account_id from seen)
	limit 1
) as visible on $3::uuid is not null`

const whereAsked = `
where p.workspace_id = $1
and ($2::uuid is null or p.post_id = $2)
and ($3::uuid is null or visible.yes)
and ($9::uuid is null or not p.private or p.author_id = $9 or exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and t.state <> 'draft'
))
and ($3::uuid is null or p.author_id = $3 or exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and t.state <> 'draft'
) or not exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and t.account_id not in (select account_id from seen)
))
and ($6::uuid is null or p.author_id = $6)
and ($7::uuid is null and $8::text is null or exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and ($7::uuid is null or t.account_id = $7)
	and ($8::text is null or t.state = $8)
	and ($3::uuid is null or t.account_id in (select account_id from seen))
))
and ($10::uuid[] is null or p.author_id <> $9 and exists (
	select
	from views.targets as t
	where t.post_id = p.post_id
	and t.state = 'waiting'
	and t.author_id <> $9
	and (
		t.gates @> '["team"]' and t.account_id = any ($10) and not exists (
			select
			from views.post_approvals as a
			where a.post_id = t.post_id
			and a.account_id = t.account_id
			and a.gate = 'team'
			and a.by_id = $9
		)
		or t.gates @> '["client"]' and t.account_id = any ($11::uuid[]) and (not exists (
			select
			from views.post_approvals as a
			where a.post_id = t.post_id
			and a.account_id = t.account_id
			and a.gate = 'client'
			and a.by_id = $9
		) or not exists (
			select
			from unnest($12::uuid[], $13::uuid[]) as needed (account_id, user_id)
			where needed.account_id = t.account_id
			and not exists (
				select
				from views.post_approvals as a
				where a.post_id = t.post_id
				and a.account_id = t.account_id
				and a.gate = 'client'
				and a.by_id = needed.user_id
			)
		))
	)
))
and p.position < $4
order by p.position desc
limit $5`

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

var postsViews = []projections.View{projections.Posts, projections.Accounts, projections.Members, projections.People}

// Posts lists the posts of the scope's workspace, newest first. The next page
// begins Before the Position of the last one.
func (r *Reader) Posts(ctx context.Context, scope eventstore.Scope, atLeast int64, page PostPage) (Answer[[]Post], error) {
	return list(ctx, r, scope, atLeast, postsViews, func(batch *pgx.Batch, into *[]Post) {
		batch.Queue(sqlPlanEach)
		askPosts(batch, into, scope.Workspace, domain.PostID{}, page)
	})
}

// Post answers one post of the scope's workspace, or ErrNotFound, also when
// seenBy is not zero and may not see any of its accounts, and when it is a draft
// that somebody else than the scope's user keeps private (R31).
func (r *Reader) Post(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.PostID, seenBy domain.UserID) (Answer[Post], error) {
	return one(ctx, r, scope, atLeast, postsViews, func(batch *pgx.Batch, into *[]Post) {
		batch.Queue(sqlPlanEach)
		if !id.IsZero() {
			askPosts(batch, into, scope.Workspace, id, PostPage{SeenBy: seenBy, Viewer: scope.User})
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
		rows.UUID(page.Author), rows.UUID(page.Account), word(page.State), rows.UUID(page.Viewer), nil, nil, nil, nil}
	if page.Waiting != nil {
		parameters[9], parameters[10] = uuids(page.Waiting.Team), uuids(page.Waiting.Client)
		on, by := make([]domain.AccountID, len(page.Waiting.Needed)), make([]domain.UserID, len(page.Waiting.Needed))
		for i, needed := range page.Waiting.Needed {
			on[i], by[i] = needed.Account, needed.Client
		}
		parameters[11], parameters[12] = uuids(on), uuids(by)
	}
	queue(batch, into, sqlPosts, parameters...)
	queueEach(batch, sqlPostTargets, parameters, func(target *Target) {
		for i := range *into {
			if (*into)[i].ID == target.Post {
				(*into)[i].Targets = append((*into)[i].Targets, *target)
			}
		}
	})
}

package posts

import (
	"math"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/projections/rows"
)

// Page says which posts are asked for.
type Page struct {
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

// The accounts that a member sees (R27).
const withSeen = `
with seen as materialized (
	select v.account_id
	from views.visible_accounts as v
	where v.workspace_id = $1
	and v.user_id = $3
)`

// Whether a post may be seen is asked post by post, newest first, until the page
// is full. As an "exists", it would be asked of all targets there are.
const joinVisible = `
left join lateral (
	select true as yes
	from views.targets as t
	where t.post_id = p.post_id
	and t.account_id in (select account_id from seen)
	limit 1
) as visible on $3::uuid is not null`

// A draft is seen by who has all its accounts, or its author alone (R31). What waits
// for somebody is what post.Post.Awaits says: who has approved is asked again where
// that is enough by now.
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

// parameters are those of a page; of one post of it alone where id is not zero.
func (p Page) parameters(ws domain.WorkspaceID, id domain.PostID) []any {
	if p.Before <= 0 {
		p.Before = math.MaxInt64
	}
	if p.Limit <= 0 {
		p.Limit = defaultPosts
	}
	parameters := []any{rows.UUID(ws), rows.UUID(id), rows.UUID(p.SeenBy), p.Before, min(p.Limit, maxPosts),
		rows.UUID(p.Author), rows.UUID(p.Account), rows.Word(p.State), rows.UUID(p.Viewer), nil, nil, nil, nil}
	if p.Waiting != nil {
		parameters[9], parameters[10] = rows.UUIDs(p.Waiting.Team), rows.UUIDs(p.Waiting.Client)
		on, by := make([]domain.AccountID, len(p.Waiting.Needed)), make([]domain.UserID, len(p.Waiting.Needed))
		for i, needed := range p.Waiting.Needed {
			on[i], by[i] = needed.Account, needed.Client
		}
		parameters[11], parameters[12] = rows.UUIDs(on), rows.UUIDs(by)
	}
	return parameters
}

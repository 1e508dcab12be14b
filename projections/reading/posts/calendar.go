package posts

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Slot is a target in a calendar.
type Slot struct {
	Post        domain.PostID    `db:"post_id"`
	Author      domain.UserID    `db:"author_id"`
	Account     domain.AccountID `db:"account_id"`
	AccountName string           `db:"account_name"`
	Network     string           `db:"network"`
	State       post.TargetState `db:"state"`
	Due         time.Time        `db:"due"`
	Content     personal.Text    `db:"content"`
	Text        string           `db:"text"`
}

const sqlCalendar = withSeen + `
select
	t.post_id,
	t.author_id,
	t.account_id,
	a.name as account_name,
	a.network,
	t.state,
	t.due,
	p.content,
	p.text
from views.targets as t
join views.posts as p on p.post_id = t.post_id
left join views.accounts as a on a.account_id = t.account_id
where t.workspace_id = $1
and ($3::uuid is null or t.account_id in (select account_id from seen))
and t.due >= $4
and t.due < $5
and t.state <> 'draft'
and not t.on_approval
and ($2::uuid is null or t.account_id = $2)
and ($6::uuid is null or t.author_id = $6)
and ($7::timestamptz is null or (t.due, t.post_id, t.account_id) > ($7, $8::uuid, $9::uuid))
order by t.due, t.post_id, t.account_id
limit $10`

// CalendarPage says which targets are asked for.
type CalendarPage struct {
	SeenBy   domain.UserID // as in Page
	From, To time.Time     // To is the first moment that is not asked for
	Account  domain.AccountID
	Author   domain.UserID
	After    *SlotKey // the last one of the page before
	Limit    int
}

// SlotKey is the place of a target in a calendar.
type SlotKey struct {
	Due     time.Time
	Post    domain.PostID
	Account domain.AccountID
}

// Calendar lists the targets of the scope's workspace that are, or were, to go
// out within a range, the earliest first. What waits for an approval without a
// moment of its own is in none.
func Calendar(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, page CalendarPage) (reading.Answer[[]Slot], error) {
	var after SlotKey
	var due any
	if page.After != nil {
		after, due = *page.After, page.After.Due
	}
	return reading.List(ctx, views, scope, atLeast, seenViews, func(batch *pgx.Batch, into *[]Slot) {
		rows.Queue(batch, into, sqlCalendar, rows.UUID(scope.Workspace), rows.UUID(page.Account), rows.UUID(page.SeenBy), page.From, page.To,
			rows.UUID(page.Author), due, rows.UUID(after.Post), rows.UUID(after.Account), rows.AtMost(page.Limit))
	})
}

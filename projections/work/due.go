package work

import (
	"context"
	"time"
)

const sqlDue = inTurns + `
	left join views.accounts as a on a.account_id = t.account_id
	left join views.workspaces as w on w.workspace_id = t.workspace_id
	where t.state = 'scheduled'
	and greatest(t.due, t.not_before) < $2
	and not coalesce(
		(a.paused or w.paused)
		and w.closed_at is null
		and w.delete_at is null
		and greatest(t.due, t.not_before) <= $1
		and t.due + make_interval(mins => w.grace_minutes) > $1,
		false
	)
	window own as (partition by t.workspace_id order by greatest(t.due, t.not_before))
) as t
order by turn, greatest(due, not_before)
limit $3`

// DueBefore lists scheduled targets that may be sent before a moment: workspaces
// take turns, each with its most urgent one first. What has become due where
// publishing is paused (R68) is left out until its grace is over: nothing can be
// done about it, for up to a day, and it would stand before what can be sent.
func (r *Reader) DueBefore(ctx context.Context, now, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "due targets", sqlDue, now, moment, limit)
}

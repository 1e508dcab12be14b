package work

import (
	"context"
	"time"
)

const sqlStuck = inTurns + `
	where t.state = 'claimed'
	and t.deadline < $1
	window own as (partition by t.account_id order by t.deadline)
) as t
order by turn, random()
limit $2`

// ClaimsPast lists claimed targets whose deadline lies before a moment: nothing
// is sent for them any more, and what has become of them has to be found out (R59).
// Accounts take turns. Of those that are in the same turn chance decides: the
// accounts of a network that does not answer are not first for ever.
func (r *Reader) ClaimsPast(ctx context.Context, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "claims past their deadline", sqlStuck, moment, limit)
}

const sqlUnapproved = inTurns + `
	where t.state = 'waiting'
	and t.due <= $1
	window own as (partition by t.workspace_id order by t.due)
) as t
order by turn, due
limit $2`

// WaitingPast lists targets that were to be approved by a moment and were not
// (R56). Workspaces take turns.
func (r *Reader) WaitingPast(ctx context.Context, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets without approval", sqlUnapproved, moment, limit)
}

const sqlUnreminded = wholeTarget + `
from (
	select
		*,
		row_number() over (partition by workspace_id order by due, post_id) as turn
	from (
		select distinct on (post_id) *
		from views.targets
		where state = 'waiting'
		and due > $1
		and due <= $1 + $2::interval
		and not reminded
		and $1 >= waiting_since + (due - waiting_since) / 2
		order by
			post_id,
			due
	) as each
) as t
order by turn, due
limit $3`

// Unreminded lists posts, by one target each, whose time comes within a while and
// whose approvers are to be reminded (R56): once at least half the time that they
// had is over, because who has just been asked needs no reminder. Workspaces take
// turns.
func (r *Reader) Unreminded(ctx context.Context, now time.Time, within time.Duration, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets to be reminded of", sqlUnreminded, now, within, limit)
}

const sqlUnconfirmed = inTurns + `
	where t.state = 'handed_over'
	and t.deadline < $1
	window own as (partition by t.workspace_id order by t.deadline)
) as t
order by turn, deadline
limit $2`

// HandedOverPast lists targets that somebody was to post by hand until a moment,
// and has not confirmed (R56). Workspaces take turns.
func (r *Reader) HandedOverPast(ctx context.Context, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets that nobody has posted by hand", sqlUnconfirmed, moment, limit)
}

const sqlUnresolved = inTurns + `
	join views.workspaces as w on w.workspace_id = t.workspace_id and w.closed_at is null and w.delete_at is null
	where t.state = 'unknown'
	and t.deadline < $1
	window own as (partition by t.workspace_id order by t.deadline)
) as t
order by turn, deadline
limit $2`

// UnknownPast lists targets of which somebody was to say by a moment what has
// become of them, and nobody has (R59). Workspaces take turns; in one that is
// closed nobody can decide anything (R13).
func (r *Reader) UnknownPast(ctx context.Context, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets that nobody has decided on", sqlUnresolved, moment, limit)
}

const sqlDeleting = inTurns + `
	where t.state = 'deleting'
	window own as (partition by t.account_id order by t.position)
) as t
order by turn, random()
limit $1`

// Deleting lists targets that are to be removed from their networks. Accounts take
// turns as with ClaimsPast, each with the one first that has waited longest.
func (r *Reader) Deleting(ctx context.Context, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets to be deleted at their networks", sqlDeleting, limit)
}

package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/projections/rows"
)

const sqlStuck = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		*,
		row_number() over (partition by account_id order by deadline) as turn
	from views.targets
	where state = 'claimed'
	and deadline < $1
) as t
order by turn, random()
limit $2`

// ClaimsPast lists claimed targets whose deadline lies before a moment: nothing
// is sent for them any more, and what has become of them has to be found out (R59).
// Accounts take turns. Of those that are in the same turn chance decides: the
// accounts of a network that does not answer are not first for ever.
func (w *Work) ClaimsPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "claims past their deadline", sqlStuck, moment, limit)
}

const sqlUnapproved = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		*,
		row_number() over (partition by workspace_id order by due) as turn
	from views.targets
	where state = 'waiting'
	and due <= $1
) as t
order by turn, due
limit $2`

// WaitingPast lists targets that were to be approved by a moment and were not
// (R56). Workspaces take turns.
func (w *Work) WaitingPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets without approval", sqlUnapproved, moment, limit)
}

const sqlUnreminded = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
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
func (w *Work) Unreminded(ctx context.Context, now time.Time, within time.Duration, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets to be reminded of", sqlUnreminded, now, within, limit)
}

const sqlUnconfirmed = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		*,
		row_number() over (partition by workspace_id order by deadline) as turn
	from views.targets
	where state = 'handed_over'
	and deadline < $1
) as t
order by turn, deadline
limit $2`

// HandedOverPast lists targets that somebody was to post by hand until a moment,
// and has not confirmed (R56). Workspaces take turns.
func (w *Work) HandedOverPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets that nobody has posted by hand", sqlUnconfirmed, moment, limit)
}

const sqlUnresolved = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		t.*,
		row_number() over (partition by t.workspace_id order by t.deadline) as turn
	from views.targets as t
	join views.workspaces as w on w.workspace_id = t.workspace_id and w.closed_at is null and w.delete_at is null
	where t.state = 'unknown'
	and t.deadline < $1
) as t
order by turn, deadline
limit $2`

// UnknownPast lists targets of which somebody was to say by a moment what has
// become of them, and nobody has (R59). Workspaces take turns; in one that is
// closed nobody can decide anything (R13).
func (w *Work) UnknownPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets that nobody has decided on", sqlUnresolved, moment, limit)
}

const sqlDeleting = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		*,
		row_number() over (partition by account_id order by position) as turn
	from views.targets
	where state = 'deleting'
) as t
order by turn, random()
limit $1`

// Deleting lists targets that are to be removed from their networks. Accounts take
// turns as with ClaimsPast, each with the one first that has waited longest.
func (w *Work) Deleting(ctx context.Context, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets to be deleted at their networks", sqlDeleting, limit)
}

const sqlHeldFor = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from views.targets
where state = 'needs_reauthentication'
and account_id = $1
and holder_id = $2
order by due
limit $3`

// HeldFor lists targets that wait for one holder to reauthenticate one account (R47).
func (w *Work) HeldFor(ctx context.Context, account domain.AccountID, holder domain.UserID, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "held targets", sqlHeldFor, rows.UUID(account), rows.UUID(holder), limit)
}

const sqlUntold = `
select
	t.workspace_id, t.post_id, t.account_id, t.state, t.due, t.not_before, t.attempt_id,
	t.deadline, t.mode, t.holder_id, c.connection_id, t.code, t.detail, t.position
from views.targets as t
join views.accounts as a on a.account_id = t.account_id
join views.workspaces as w on w.workspace_id = t.workspace_id
left join views.connections as c on c.account_id = t.account_id and c.holder_id = t.holder_id
where t.state = 'needs_reauthentication'
and w.closed_at is null
and w.delete_at is null
and (t.holder_id = w.owner_id or exists (
	select
	from views.assignments as g
	where g.workspace_id = t.workspace_id
	and g.user_id = t.holder_id
	and g.account_id = t.account_id
	and g.credential_mode = 'member'
))
and (c.account_id is null or c.outage_event is null and (
	c.state = 'missing'
	or c.state = 'active' and c.connection_id is not distinct from t.connection_id
))
order by t.account_id, t.holder_id
limit $1`

// HeldUntold lists targets that wait for a holder whom nobody has asked: the
// outage that holds them up was never recorded (R44). Each comes with the
// connection that the holder has now. What was disconnected counts once it is
// destroyed, which takes moments; what is of no use now is nobody's to mend (R35).
func (w *Work) HeldUntold(ctx context.Context, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "held targets that nobody was told of", sqlUntold, limit)
}

const sqlMended = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from (
	select
		t.*,
		row_number() over (partition by t.account_id order by t.due) as turn
	from views.targets as t
	join views.connections as c on c.account_id = t.account_id and c.holder_id = t.holder_id
	where t.state = 'needs_reauthentication'
	and c.state = 'active'
	and c.connection_id is distinct from t.connection_id
	and t.due > $1
) as t
order by turn, due
limit $2`

// HeldMended lists targets due after a moment that wait for a holder who has
// connected again since (R47). Accounts take turns.
func (w *Work) HeldMended(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "held targets that can go on", sqlMended, moment, limit)
}

const sqlOpenInvitations = `
select
	i.event_id,
	i.position,
	i.workspace_id,
	w.name as workspace_name,
	i.invitation_id,
	i.generation,
	i.role,
	i.person_id,
	i.email,
	i.invited_by,
	i.invited_at,
	i.expires_at
from views.invitations as i
left join views.workspaces as w on w.workspace_id = i.workspace_id
where i.status = 'pending'
and i.invited_at > $1
and w.closed_at is null
and w.delete_at is null
order by i.invited_at
limit $2`

// InvitationsSince lists pending invitations into open workspaces made after a
// moment, the oldest first.
func (w *Work) InvitationsSince(ctx context.Context, moment time.Time, limit int) ([]OpenInvitation, error) {
	return workList[OpenInvitation](ctx, w, "pending invitations", sqlOpenInvitations, moment, limit)
}

const sqlOutages = `
select
	outage_event as event_id,
	outage_position as position,
	workspace_id,
	account_id,
	holder_id,
	connection_id,
	outage_code as code,
	outage_detail as detail,
	since
from views.connections
where outage_event is not null
and since > $1
order by since
limit $2`

// OutagesSince lists open outages that began after a moment, the oldest first.
func (w *Work) OutagesSince(ctx context.Context, moment time.Time, limit int) ([]Outage, error) {
	return workList[Outage](ctx, w, "open outages", sqlOutages, moment, limit)
}

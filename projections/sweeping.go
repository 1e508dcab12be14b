package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/projections/rows"
)

const sqlDue = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from views.targets
where state = 'scheduled'
and greatest(due, not_before) < $1
order by greatest(due, not_before)
limit $2`

// DueBefore lists scheduled targets that may be sent before a moment, the most
// urgent first.
func (w *Work) DueBefore(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "due targets", sqlDue, moment, limit)
}

const sqlStuck = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from views.targets
where state = 'claimed'
and deadline < $1
order by deadline
limit $2`

// ClaimsPast lists claimed targets whose deadline lies before a moment: nothing
// is sent for them any more, and what has become of them has to be found out (R59).
func (w *Work) ClaimsPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "claims past their deadline", sqlStuck, moment, limit)
}

const sqlUnapproved = `
select
	workspace_id, post_id, account_id, state, due, not_before, attempt_id,
	deadline, mode, holder_id, connection_id, code, detail, position
from views.targets
where state = 'waiting'
and due <= $1
order by due
limit $2`

// WaitingPast lists targets that were to be approved by a moment and were not (R56).
func (w *Work) WaitingPast(ctx context.Context, moment time.Time, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets without approval", sqlUnapproved, moment, limit)
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
	t.deadline, t.mode, t.holder_id, t.connection_id, t.code, t.detail, t.position
from views.targets as t
left join views.connections as c on c.account_id = t.account_id and c.holder_id = t.holder_id
where t.state = 'needs_reauthentication'
and (c.account_id is null or c.state = 'active' and c.connection_id is not distinct from t.connection_id)
order by t.account_id, t.holder_id
limit $1`

// HeldUntold lists targets that wait for a holder whom nobody has asked: the
// outage that holds them up was never recorded (R44).
func (w *Work) HeldUntold(ctx context.Context, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "held targets that nobody was told of", sqlUntold, limit)
}

const sqlMended = `
select
	t.workspace_id, t.post_id, t.account_id, t.state, t.due, t.not_before, t.attempt_id,
	t.deadline, t.mode, t.holder_id, t.connection_id, t.code, t.detail, t.position
from views.targets as t
join views.connections as c on c.account_id = t.account_id and c.holder_id = t.holder_id
where t.state = 'needs_reauthentication'
and c.state = 'active'
and c.connection_id is distinct from t.connection_id
and t.due > $1
order by t.account_id, t.holder_id
limit $2`

// HeldMended lists targets due after a moment that wait for a holder who has
// connected again since (R47).
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
order by i.invited_at
limit $2`

// InvitationsSince lists pending invitations made after a moment, the oldest first.
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

package work

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/projections/rows"
)

const sqlHeldFor = wholeTarget + `
from views.targets as t
where t.state = 'needs_reauthentication'
and t.account_id = $1
and t.holder_id = $2
order by t.due
limit $3`

// HeldFor lists targets that wait for one holder to reauthenticate one account (R47).
func (r *Reader) HeldFor(ctx context.Context, account domain.AccountID, holder domain.UserID, limit int) ([]Target, error) {
	return list[Target](ctx, r, "held targets", sqlHeldFor, rows.UUID(account), rows.UUID(holder), limit)
}

const sqlUntold = unconnected + `,
	c.connection_id
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
func (r *Reader) HeldUntold(ctx context.Context, limit int) ([]Target, error) {
	return list[Target](ctx, r, "held targets that nobody was told of", sqlUntold, limit)
}

const sqlMended = inTurns + `
	join views.connections as c on c.account_id = t.account_id and c.holder_id = t.holder_id
	where t.state = 'needs_reauthentication'
	and c.state = 'active'
	and c.connection_id is distinct from t.connection_id
	and t.due > $1
	window own as (partition by t.account_id order by t.due)
) as t
order by turn, due
limit $2`

// HeldMended lists targets due after a moment that wait for a holder who has
// connected again since (R47). Accounts take turns.
func (r *Reader) HeldMended(ctx context.Context, moment time.Time, limit int) ([]Target, error) {
	return list[Target](ctx, r, "held targets that can go on", sqlMended, moment, limit)
}

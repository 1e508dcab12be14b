package notifications

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/eventstore"
)

type readInput struct {
	Body struct {
		Notifications []domain.EventID `json:"notifications,omitempty" maxItems:"100" doc:"Their ids."`
		UpTo          int64            `json:"up_to,omitempty" minimum:"0" doc:"Everything up to this position: the one of the newest that was shown."`
	} `nameHint:"ReadNotifications"`
}

type readOutput struct {
	Body struct {
		Unread int64 `json:"unread" doc:"How many are left to read."`
	} `nameHint:"UnreadNotifications"`
}

// What nobody was told of cannot be read: the table grows with the person's
// notifications and no further.
const sqlRead = `
insert into notices.read (person, event_id)
select
	n.user_id,
	n.event_id
from views.told as n
where n.user_id = $1
	and n.event_id = any ($2)
on conflict (person, event_id) do nothing`

const sqlReadTo = `
insert into notices.read_to as known (person, position)
select
	$1,
	least($2, log.head())
on conflict (person) do update
set position = excluded.position
where known.position < excluded.position`

// Those one by one are of no more use.
const sqlForgetRead = `
delete from notices.read as r
using views.told as n
where r.person = $1
	and n.user_id = $1
	and n.event_id = r.event_id
	and n.position <= $2`

func (d *Desk) read(ctx context.Context, input *readInput) (*readOutput, error) {
	principal, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if len(input.Body.Notifications) == 0 && input.Body.UpTo == 0 {
		return nil, problem.Invalid(problem.Fault{Location: "body", Message: "name notifications, or a position"})
	}
	scope := eventstore.Scope{User: principal.User}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	user := [16]byte(principal.User)
	if len(input.Body.Notifications) > 0 {
		ids := make([][16]byte, len(input.Body.Notifications))
		for i, id := range input.Body.Notifications {
			ids[i] = id
		}
		batch.Queue(sqlRead, user, ids)
	}
	if input.Body.UpTo > 0 {
		batch.Queue(sqlReadTo, user, input.Body.UpTo)
		batch.Queue(sqlForgetRead, user, input.Body.UpTo)
	}
	if err := d.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("mark notifications as read: %w", err)
	}
	unread, err := d.Views.Unread(ctx, scope, 0)
	output := &readOutput{}
	output.Body.Unread = unread.Value
	return output, err
}

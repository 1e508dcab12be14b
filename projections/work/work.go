// Package work finds what Behalf's own parts have to do: what is due, what hangs,
// what somebody left behind, who has to be written to.
//
// Its answers may lag behind the log, and are of all workspaces. Whoever acts on
// them issues a command, which is decided on streams.
package work

import (
	"context"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Reader answers what there is to do. It is safe for concurrent use.
type Reader struct{ pool *pgxpool.Pool }

// NewReader makes a Reader over a pool that runs under eventstore.RoleEngine.
func NewReader(pool *pgxpool.Pool) *Reader { return &Reader{pool: pool} }

func list[T any](ctx context.Context, r *Reader, what, statement string, parameters ...any) ([]T, error) {
	found, err := r.pool.Query(ctx, statement, parameters...)
	if err != nil {
		return nil, fmt.Errorf("list the %s: %w", what, err)
	}
	all, err := rows.Collect[T](found)
	if err != nil {
		return nil, fmt.Errorf("list the %s: %w", what, err)
	}
	return all, nil
}

// Target is a post on an account that something has to be done about.
type Target struct {
	Workspace  domain.WorkspaceID       `db:"workspace_id"`
	Post       domain.PostID            `db:"post_id"`
	Account    domain.AccountID         `db:"account_id"`
	State      post.TargetState         `db:"state"`
	Due        time.Time                `db:"due"`
	NotBefore  time.Time                `db:"not_before"`
	Attempt    domain.AttemptID         `db:"attempt_id"` // zero before the first
	Deadline   time.Time                `db:"deadline"`   // zero unless claimed
	Mode       workspace.CredentialMode `db:"mode"`
	Holder     domain.UserID            `db:"holder_id"` // zero before the first attempt
	Connection domain.ConnectionID      `db:"connection_id"`
	Code       string                   `db:"code"`
	Detail     string                   `db:"detail"`
	Position   int64                    `db:"position"` // of its latest event
}

// Ready is the moment from which the target may be sent.
func (t Target) Ready() time.Time {
	if t.NotBefore.After(t.Due) {
		return t.NotBefore
	}
	return t.Due
}

// The columns of a Target, of what stands as t: all but its connection, and with it.
const (
	unconnected = `
select
	t.workspace_id,
	t.post_id,
	t.account_id,
	t.state,
	t.due,
	t.not_before,
	t.attempt_id,
	t.deadline,
	t.mode,
	t.holder_id,
	t.code,
	t.detail,
	t.position`
	wholeTarget = unconnected + `,
	t.connection_id`
)

// The beginning of a list in which workspaces, or accounts, take turns: each one's
// own targets are counted, window own says whose and in which order, and all first
// ones come before all second ones.
const inTurns = wholeTarget + `
from (
	select
		t.*,
		row_number() over own as turn
	from views.targets as t`

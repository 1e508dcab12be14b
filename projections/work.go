package projections

import (
	"context"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Work answers the questions of Behalf's own parts: what is due, what hangs,
// who has to be written to. Its answers may lag behind the log; whoever acts on
// them issues a command, which is decided on streams. It is safe for concurrent use.
type Work struct{ pool *pgxpool.Pool }

// NewWork makes a Work over a pool that runs under eventstore.RoleEngine.
func NewWork(pool *pgxpool.Pool) *Work { return &Work{pool: pool} }

// WorkTarget is a target that something has to be done about.
type WorkTarget struct {
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
func (t WorkTarget) Ready() time.Time {
	if t.NotBefore.After(t.Due) {
		return t.NotBefore
	}
	return t.Due
}

// AccountNames is what mails and jobs call an account.
type AccountNames struct {
	Workspace     domain.WorkspaceID `db:"workspace_id"`
	WorkspaceName string             `db:"workspace_name"`
	Owner         domain.UserID      `db:"owner_id"`
	Account       domain.AccountID   `db:"account_id"`
	Network       string             `db:"network"`
	Remote        string             `db:"remote"`
	Name          string             `db:"name"`
}

// OpenInvitation is a pending invitation and the event that made it.
type OpenInvitation struct {
	Event         domain.EventID      `db:"event_id"`
	Position      int64               `db:"position"`
	Workspace     domain.WorkspaceID  `db:"workspace_id"`
	WorkspaceName string              `db:"workspace_name"`
	ID            domain.InvitationID `db:"invitation_id"`
	Generation    int                 `db:"generation"`
	Role          workspace.Role      `db:"role"`
	Person        domain.UserID       `db:"person_id"`
	Email         personal.Text       `db:"email"`
	InvitedBy     domain.UserID       `db:"invited_by"`
	InvitedAt     time.Time           `db:"invited_at"`
	ExpiresAt     time.Time           `db:"expires_at"`
}

// Outage is a connection that somebody was asked to mend and has not yet (R44).
type Outage struct {
	Event      domain.EventID      `db:"event_id"`
	Position   int64               `db:"position"`
	Workspace  domain.WorkspaceID  `db:"workspace_id"`
	Account    domain.AccountID    `db:"account_id"`
	Holder     domain.UserID       `db:"holder_id"`
	Connection domain.ConnectionID `db:"connection_id"` // zero if the holder never had one
	Code       string              `db:"code"`
	Detail     string              `db:"detail"`
	Since      time.Time           `db:"since"`
}

// Person answers a registered user, or ErrNotFound.
func (w *Work) Person(ctx context.Context, id domain.UserID) (Person, error) {
	return workOne[Person](ctx, w, "person", sqlPerson, rows.UUID(id))
}

// Account answers what an account and its workspace are called, or ErrNotFound.
func (w *Work) Account(ctx context.Context, id domain.AccountID) (AccountNames, error) {
	return workOne[AccountNames](ctx, w, "account", sqlAccountNames, rows.UUID(id))
}

// OpenInvitation answers a pending invitation, expired or not, or ErrNotFound.
func (w *Work) OpenInvitation(ctx context.Context, id domain.InvitationID) (OpenInvitation, error) {
	return workOne[OpenInvitation](ctx, w, "invitation", sqlOpenInvitation, rows.UUID(id))
}

func workOne[T any](ctx context.Context, w *Work, what, statement string, parameters ...any) (T, error) {
	found, err := w.pool.Query(ctx, statement, parameters...)
	if err != nil {
		return *new(T), fmt.Errorf("look up the %s: %w", what, err)
	}
	all, err := rows.Collect[T](found)
	switch {
	case err != nil:
		return *new(T), fmt.Errorf("look up the %s: %w", what, err)
	case len(all) == 0:
		return *new(T), ErrNotFound
	case len(all) > 1:
		return *new(T), fmt.Errorf("look up the %s: %w", what, pgx.ErrTooManyRows)
	}
	return all[0], nil
}

func workList[T any](ctx context.Context, w *Work, what, statement string, parameters ...any) ([]T, error) {
	found, err := w.pool.Query(ctx, statement, parameters...)
	if err != nil {
		return nil, fmt.Errorf("list the %s: %w", what, err)
	}
	all, err := rows.Collect[T](found)
	if err != nil {
		return nil, fmt.Errorf("list the %s: %w", what, err)
	}
	return all, nil
}

const sqlPerson = `
select
	user_id,
	name,
	email
from views.people
where user_id = $1`

const sqlAccountNames = `
select
	a.workspace_id,
	w.name as workspace_name,
	w.owner_id,
	a.account_id,
	a.network,
	a.remote,
	a.name
from views.accounts as a
left join views.workspaces as w on w.workspace_id = a.workspace_id
where a.account_id = $1`

const sqlOpenInvitation = `
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
where i.invitation_id = $1
and i.status = 'pending'`

package api

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// bareMembers is the query that answers GET members as plainly as it can be
// asked: all that is in the answer, by one statement, read into structs as
// programs with pgx do. There is no HTTP around it, no session, no second factor,
// no row-level security, no position, nothing to decrypt, no JSON.
func bareMembers(ctx context.Context, s *site) error {
	found, err := s.admin.Query(ctx, sqlBareMembers, [16]byte(s.workspace))
	if err != nil {
		return err
	}
	lines, err := pgx.CollectRows(found, pgx.RowToStructByName[bareLine])
	if err == nil && len(lines) != colleagues+1 {
		err = fmt.Errorf("%d members", len(lines))
	}
	return err
}

const sqlBareMembers = `
select
	m.user_id,
	p.name,
	p.email,
	m.role,
	m.add_accounts,
	m.manage_posts,
	m.auditor,
	m.require_two_factor,
	p.two_factor,
	m.joined_at,
	t.seen_at,
	s.account_id,
	a.name as account_name,
	a.network,
	s.posting_level,
	s.approves_posts,
	s.credential_mode,
	w.owner_id,
	o.name as owner_name,
	c.state,
	c.since
from views.members as m
left join views.people as p on p.user_id = m.user_id
left join presence.seen as t on t.workspace_id = m.workspace_id and t.person = m.user_id
left join views.assignments as s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
left join views.accounts as a on a.account_id = s.account_id
left join views.workspaces as w on w.workspace_id = m.workspace_id
left join views.people as o on o.user_id = w.owner_id
left join views.connections as c on c.account_id = s.account_id and c.holder_id = w.owner_id
where m.workspace_id = $1
order by m.joined_at, m.user_id
limit 51`

// bareLine is one of its rows.
type bareLine struct {
	UserID           [16]byte
	Name             *string
	Email            *string
	Role             string
	AddAccounts      bool
	ManagePosts      bool
	Auditor          bool
	RequireTwoFactor bool
	TwoFactor        *bool
	JoinedAt         time.Time
	SeenAt           *time.Time
	AccountID        pgtype.UUID
	AccountName      *string
	Network          *string
	PostingLevel     *string
	ApprovesPosts    *bool
	CredentialMode   *string
	OwnerID          [16]byte
	OwnerName        *string
	State            *string
	Since            *time.Time
}

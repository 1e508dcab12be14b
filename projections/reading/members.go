package reading

import (
	"context"
	"errors"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// A list of members is one line for each account of each member, and one for who
// has none: from this, what narrows it, and to that. What the accounts are called
// and how they are connected comes beside it, each once, and is joined here: a plan
// would look both up again for every line. Nor is it left to a plan to read all
// assignments for each member (offset 0). Who the Owner is comes in, as the log
// has it. When members were last active is in no view: it is what the API noted itself.
const (
	membersFrom = `
select
	m.user_id,
	p.name,
	p.email,
	m.role,
	m.add_accounts,
	m.manage_posts,
	m.auditor,
	m.require_two_factor,
	coalesce(p.two_factor, false) as two_factor,
	m.joined_at,
	t.seen_at as last_active_at,
	s.account_id,
	s.posting_level,
	coalesce(s.approves_posts, false) as approves_posts,
	s.credential_mode
from (
	select
		user_id,
		role,
		add_accounts,
		manage_posts,
		auditor,
		require_two_factor,
		joined_at
	from views.members as m
	where m.workspace_id = $1`
	ofOne = `
	and m.user_id = $2`
	ofPage = `
	and ($2::text is null or m.role = $2)
	and ($3::timestamptz is null or (m.joined_at, m.user_id) > ($3, $4::uuid))`
	ofAccount = `
	and exists (
		select
		from views.assignments as s
		where s.workspace_id = m.workspace_id
		and s.user_id = m.user_id
		and s.account_id = $6
	)`
	firstOfThem = `
	order by m.joined_at, m.user_id
	limit $5`
	membersTo = `
) as m
left join views.people as p on p.user_id = m.user_id
left join presence.seen as t on t.workspace_id = $1 and t.person = m.user_id and t.seen_at >= m.joined_at
left join lateral (
	select
		account_id,
		posting_level,
		approves_posts,
		credential_mode
	from views.assignments
	where workspace_id = $1
	and user_id = m.user_id
	offset 0
) as s on true
order by m.joined_at, m.user_id`

	sqlMember           = membersFrom + ofOne + membersTo
	sqlMembers          = membersFrom + ofPage + firstOfThem + membersTo
	sqlMembersOfAccount = membersFrom + ofPage + ofAccount + firstOfThem + membersTo
)

// The connections of the very members that the query above answers, and of the Owner.
const (
	heldFrom = `
select
	account_id,
	holder_id,
	state,
	since
from views.connections
where workspace_id = $1
and (holder_id in (
	select m.user_id
	from views.members as m
	where m.workspace_id = $1`
	heldTo = `
) or holder_id = `

	sqlHeldByMember           = heldFrom + ofOne + heldTo + `$3)`
	sqlHeldByMembers          = heldFrom + ofPage + firstOfThem + heldTo + `$6)`
	sqlHeldByMembersOfAccount = heldFrom + ofPage + ofAccount + firstOfThem + heldTo + `$7)`
)

// Accounts by name, all of the workspace or those of one member.
const (
	calledFrom = `
select
	account_id,
	name,
	network
from views.accounts
where workspace_id = $1`
	calledTo = `
order by name, account_id`

	sqlCalled         = calledFrom + calledTo
	sqlCalledOfMember = calledFrom + `
and account_id in (
	select account_id
	from views.assignments
	where workspace_id = $1
	and user_id = $2
)` + calledTo
)

const sqlNameOf = `
select name
from views.people
where user_id = $1`

var membersViews = []projections.View{projections.Members, projections.People, projections.Accounts}

// MemberPage says which members are asked for.
type MemberPage struct {
	Role    workspace.Role   // empty: any
	Account domain.AccountID // only who is assigned to it; zero: any
	After   *MemberKey       // nil: from the first on
	Limit   int              // 0: all
}

// MemberKey is a member's place in the list.
type MemberKey struct {
	JoinedAt time.Time     `json:"t"`
	User     domain.UserID `json:"u"`
}

// Members lists the members of the scope's workspace, the longest first. Who its
// Owner is, whoever asks knows from the log. What people call them stands in a line
// of their own, mostly among the first; it is asked for where that is not so.
func (r *Reader) Members(ctx context.Context, scope eventstore.Scope, owner domain.UserID, atLeast int64, page MemberPage) (Answer[Team], error) {
	first := page.After == nil && page.Role == "" && page.Account.IsZero()
	found, err := r.team(ctx, scope, owner, atLeast, !first, page.question(scope.Workspace))
	if err == nil && first && found.Value.needsOwner() {
		found.Value.Owner, err = r.nameOf(ctx, scope, owner)
	}
	return found, err
}

// Member answers one membership of the scope's workspace (R21), or ErrNotFound.
func (r *Reader) Member(ctx context.Context, scope eventstore.Scope, owner domain.UserID, atLeast int64, id domain.UserID) (Answer[Team], error) {
	asked := []any{rows.UUID(scope.Workspace), rows.UUID(id)}
	found, err := r.team(ctx, scope, owner, atLeast, true, question{
		members: sqlMember, held: sqlHeldByMember, which: asked, called: sqlCalledOfMember, calledOf: asked, about: 1,
	})
	if err == nil && len(found.Value.Members) == 0 {
		err = ErrNotFound
	}
	return found, err
}

// question is what is asked for some members.
type question struct {
	members  string // rows are memberLines
	held     string // rows are heldLines; its last parameter is the Owner
	which    []any  // members: the parameters of both
	called   string // rows are calledLines
	calledOf []any  // its parameters
	about    int    // so many members
}

type named struct {
	Name personal.Text `db:"name"`
}

// team asks for members, and along with them for their Owner's name if that is wanted.
func (r *Reader) team(ctx context.Context, scope eventstore.Scope, owner domain.UserID, atLeast int64, wanted bool, question question) (Answer[Team], error) {
	var name []named
	var with accounts
	found, err := List(ctx, r, scope, atLeast, membersViews, func(batch *pgx.Batch, into *[]Member) {
		name, with = nil, accounts{}
		if wanted {
			rows.Queue(batch, &name, sqlNameOf, rows.UUID(owner))
		}
		*into = make([]Member, 0, question.about)
		rows.QueueEach(batch, question.members, question.which, func(line *memberLine) { line.join(into) })
		rows.QueueEach(batch, question.called, question.calledOf, with.call)
		rows.QueueEach(batch, question.held, append(slices.Clip(question.which), rows.UUID(owner)), with.hold)
	})
	team := Team{Members: found.Value}
	for _, one := range name { // who has not been heard of has none yet
		team.Owner = one.Name
	}
	for _, member := range team.Members {
		with.describe(member, owner)
		if member.User == owner {
			team.Owner = member.Name
		}
	}
	return instead(found, team), err
}

// nameOf asks for one name alone. Whether it may be shown, the gate has learned with
// the rows that it goes with, and is not asked again.
func (r *Reader) nameOf(ctx context.Context, scope eventstore.Scope, person domain.UserID) (personal.Text, error) {
	alone := *r
	alone.gate = nil
	found, err := One(ctx, &alone, scope, 0, []projections.View{projections.People}, func(batch *pgx.Batch, into *[]named) {
		rows.Queue(batch, into, sqlNameOf, rows.UUID(person))
	})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return found.Value.Name, err
}

// usualTeam is how many members there is room for before there are lines.
const usualTeam = 24

func (p MemberPage) question(ws domain.WorkspaceID) question {
	of := rows.UUID(ws)
	asked := question{
		members: sqlMembers, held: sqlHeldByMembers, which: []any{of, rows.Word(p.Role), nil, nil, rows.AtMost(p.Limit)},
		called: sqlCalled, calledOf: []any{of}, about: usualTeam,
	}
	if p.After != nil {
		asked.which[2], asked.which[3] = p.After.JoinedAt, rows.UUID(p.After.User)
	}
	if !p.Account.IsZero() {
		asked.members, asked.held, asked.which = sqlMembersOfAccount, sqlHeldByMembersOfAccount, append(asked.which, rows.UUID(p.Account))
	}
	return asked
}

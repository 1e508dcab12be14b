package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// What has to be done about connections is taken like a lease: who takes it
// puts it off for the others until it is done, and whoever dies leaves it to be
// taken again. All of this needs the engine's role.
const lease = 10 * time.Minute

const held = `k.id, k.workspace_id, k.account_id, k.holder_id, k.kind, k.network, k.expires_at, k.generation, k.created_at, k.updated_at, k.person, k.predecessor`

// TakeChecks takes connections whose right to post is to be asked for at the
// network by now, those that wait longest first.
func (v *Vault) TakeChecks(ctx context.Context, now time.Time, but []string, limit int) ([]Connection, error) {
	return v.take(ctx, "connections to be checked", `
		with due as (
		    select c.connection_id
		    from vault.care as c
		    where c.ended_at is null
		      and c.check_due <= $1
		      and not exists (
		        select
		        from vault.connections as k
		        where k.id = c.connection_id
		          and k.network = any ($4)
		      )
		    order by c.check_due
		    limit $3
		    for update skip locked
		)
		update vault.care as c
		set check_due = $1::timestamptz + $2::interval
		from due
		join vault.connections as k on k.id = due.connection_id
		where c.connection_id = due.connection_id
		returning `+held, now, lease, limit, but)
}

// CheckAgain has a connection checked again so much later.
func (v *Vault) CheckAgain(ctx context.Context, id domain.ConnectionID, at time.Time) error {
	return v.note(ctx, "put a check off", `
		update vault.care
		set check_due = $2
		where connection_id = $1`, [16]byte(id), at)
}

// TakeRefreshes takes connections that are to be refreshed by now: so long
// before they expire as their network asks for, and up to twice that, spread.
// Networks without a lead are left alone.
func (v *Vault) TakeRefreshes(ctx context.Context, now time.Time, leads map[string]time.Duration, limit int) ([]Connection, error) {
	names, times := make([]string, 0, len(leads)), make([]time.Duration, 0, len(leads))
	for name, lead := range leads {
		names, times = append(names, name), append(times, lead)
	}
	return v.take(ctx, "connections to be refreshed", `
		with due as (
		    select c.connection_id
		    from vault.care as c
		    join vault.connections as k on k.id = c.connection_id
		    join unnest($3::text[], $4::interval[]) as n (network, lead) on n.network = k.network
		    where c.ended_at is null
		      and c.refreshable
		      and c.refresh_due <= $1
		      and k.expires_at <= $1::timestamptz + n.lead * (1 + c.jitter)
		    order by k.expires_at
		    limit $5
		    for update of c skip locked
		)
		update vault.care as c
		set refresh_due = $1::timestamptz + $2::interval
		from due
		join vault.connections as k on k.id = due.connection_id
		where c.connection_id = due.connection_id
		returning `+held, now, lease, names, times, limit)
}

// RefreshFailed puts a refresh off, a minute at first, twice as long each
// time, an hour at most.
func (v *Vault) RefreshFailed(ctx context.Context, id domain.ConnectionID, now time.Time) error {
	return v.note(ctx, "put a refresh off", `
		update vault.care
		set failures = failures + 1,
		    refresh_due = $2::timestamptz + least(interval '1 minute' * power(2, least(failures, 10)), interval '1 hour')
		where connection_id = $1`, [16]byte(id), now)
}

// TakeExpired takes connections that have expired and cannot be refreshed.
func (v *Vault) TakeExpired(ctx context.Context, now time.Time, limit int) ([]Connection, error) {
	return v.take(ctx, "connections that have expired", `
		with due as (
		    select c.connection_id
		    from vault.care as c
		    join vault.connections as k on k.id = c.connection_id
		    where c.ended_at is null
		      and not c.refreshable
		      and c.refresh_due <= $1
		      and k.expires_at <= $1
		    order by k.expires_at
		    limit $3
		    for update of c skip locked
		)
		update vault.care as c
		set refresh_due = $1::timestamptz + $2::interval
		from due
		join vault.connections as k on k.id = due.connection_id
		where c.connection_id = due.connection_id
		returning `+held, now, lease, limit)
}

// ExpiryAhead is how long before it runs out a holder is told of a connection
// that nobody else can renew; for one that lasts less than twice that, when half
// of its time has passed.
const ExpiryAhead = 7 * 24 * time.Hour

// runsOutSoon is when that is, of a connection k; the time ahead is $3. Its time
// begins when it was made: what a network gives later in the place of what is
// stored makes it last no longer.
const runsOutSoon = `k.expires_at - least($3::interval, (k.expires_at - k.created_at) / 2)`

// TakeRunningOut takes connections that will run out, cannot be refreshed, and
// whose holders have not been told (Announced).
func (v *Vault) TakeRunningOut(ctx context.Context, now time.Time, limit int) ([]Connection, error) {
	return v.take(ctx, "connections that will run out", `
		with due as (
		    select c.connection_id
		    from vault.care as c
		    join vault.connections as k on k.id = c.connection_id
		    where c.ended_at is null
		      and c.announced_at is null
		      and not c.refreshable
		      and c.refresh_due <= $1
		      and k.predecessor is null
		      and k.expires_at > $1
		      and `+runsOutSoon+` <= $1
		    order by k.expires_at
		    limit $4
		    for update of c skip locked
		)
		update vault.care as c
		set refresh_due = least($1::timestamptz + $2::interval, k.expires_at)
		from due
		join vault.connections as k on k.id = due.connection_id
		where c.connection_id = due.connection_id
		returning `+held, now, lease, ExpiryAhead, limit)
}

// Announced notes that the holder of a connection knows when it runs out.
func (v *Vault) Announced(ctx context.Context, id domain.ConnectionID) error {
	return v.note(ctx, "note what a holder was told", `
		update vault.care
		set announced_at = now()
		where connection_id = $1`, [16]byte(id))
}

// AnnounceLater has it found out later whether a holder is to be told, and by the
// time that the connection runs out at the latest.
func (v *Vault) AnnounceLater(ctx context.Context, id domain.ConnectionID, at time.Time) error {
	return v.note(ctx, "put an announcement off", `
		update vault.care as c
		set refresh_due = least($2::timestamptz, k.expires_at)
		from vault.connections as k
		where c.connection_id = $1
		  and k.id = c.connection_id`, [16]byte(id), at)
}

// CareAgain has nothing done about a connection until a moment.
func (v *Vault) CareAgain(ctx context.Context, id domain.ConnectionID, at time.Time) error {
	return v.note(ctx, "put looking after a connection off", `
		update vault.care
		set check_due = $2,
		    refresh_due = $2
		where connection_id = $1`, [16]byte(id), at)
}

// EndCare has nothing more done about a connection: its holder was asked to
// mend it, which makes another one.
func (v *Vault) EndCare(ctx context.Context, id domain.ConnectionID) error {
	return v.note(ctx, "end looking after a connection", `
		update vault.care
		set ended_at = now()
		where connection_id = $1`, [16]byte(id))
}

// Heirs lists connections that may lack what their predecessor has (R46). One
// whose predecessor has itself still to take something over comes after that.
func (v *Vault) Heirs(ctx context.Context, limit int) ([]Connection, error) {
	return v.take(ctx, "connections that replaced others", `
		select `+held+`
		from vault.connections as k
		where k.predecessor is not null
		  and not exists (
		      select
		      from vault.connections as p
		      where p.id = k.predecessor
		        and p.predecessor is not null
		  )
		order by k.id
		limit $1`, limit)
}

// Inherited notes that a connection has what it lacked. Its predecessor is of
// no use to it any more.
func (v *Vault) Inherited(ctx context.Context, id domain.ConnectionID, refreshable bool) error {
	return v.note(ctx, "note what a connection has", `
		with cared as (
		    update vault.care
		    set refreshable = $2
		    where connection_id = $1
		)
		update vault.connections
		set predecessor = null
		where id = $1`, [16]byte(id), refreshable)
}

// HasHeir reports whether another connection has still to take something over
// from this one.
func (v *Vault) HasHeir(ctx context.Context, id domain.ConnectionID) (has bool, err error) {
	err = v.pool.QueryRow(ctx, `
		select exists (
		    select
		    from vault.connections
		    where predecessor = $1
		)`, [16]byte(id)).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for a connection's heir: %w", err)
	}
	return has, nil
}

func (v *Vault) take(ctx context.Context, what, query string, arguments ...any) ([]Connection, error) {
	rows, err := v.pool.Query(ctx, query, arguments...)
	if err == nil {
		var found []Connection
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Connection, error) { return scan(row) })
		if err == nil {
			return found, nil
		}
	}
	return nil, fmt.Errorf("take %s: %w", what, err)
}

func (v *Vault) note(ctx context.Context, what, statement string, arguments ...any) error {
	if _, err := v.pool.Exec(ctx, statement, arguments...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

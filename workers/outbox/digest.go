package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/domain/notice"
	"behalf/workers/jobs"
)

// Digest is the kind of the mails that tell what was gathered.
const Digest notice.Kind = "digest"

// Apart is the time between two digests of one person, at least.
const Apart = 30 * time.Minute

const sqlGather = `
insert into workers.gathered (event_id, person, kind, workspace_id, stream)
values ($1, $2, $3, $4, $5)
on conflict (event_id, person) do nothing`

// Gather remembers, in the transaction in which the event is handled, what the
// person's next digest is to tell. Gathering it again changes nothing.
func Gather(ctx context.Context, tx pgx.Tx, m jobs.Mail) error {
	_, err := tx.Exec(ctx, sqlGather, id(m.Event), id(m.Person), m.Kind, id(m.Workspace), m.Stream.String())
	if err != nil {
		return fmt.Errorf("gather for a digest: %w", err)
	}
	return nil
}

// One statement, so that whoever dies leaves all or nothing. Two processes that
// make digests at once meet at the person's row in workers.digests: the second
// then sees that it has just been moved, and leaves that person out.
const sqlMakeDigests = `
with waiting as (
	select distinct g.person
	from workers.gathered as g
	where g.mail_id is null
		and not exists (
			select
			from workers.mails as m
			where m.person = g.person
				and m.kind = 'digest'
				and m.ended_at is null
				and m.noted_at > clock_timestamp() - $2::interval
		)
		and not exists (
			select
			from workers.digests as d
			where d.person = g.person
				and d.made_at > clock_timestamp() - $1::interval
		)
	limit $3
), turn as (
	insert into workers.digests as d (person, made_at)
	select person, clock_timestamp()
	from waiting
	order by person
	on conflict (person) do update
	set made_at = excluded.made_at
	where d.made_at <= clock_timestamp() - $1::interval
	returning person
), made as (
	insert into workers.mails (mail_id, kind, person, stream)
	select gen_random_uuid(), 'digest', person, 'user-' || replace(person::text, '-', '')
	from turn
	returning mail_id, kind, person, event_id, workspace_id, stream
), assigned as (
	update workers.gathered as g
	set mail_id = made.mail_id
	from made
	where g.person = made.person
		and g.mail_id is null
)
select mail_id, kind, person, event_id, workspace_id, stream
from made`

// MakeDigests makes the next digest of everybody for whom something was
// gathered, whose last one was made or sent long enough ago, and for whom none
// is still on its way.
func (b *Box) MakeDigests(ctx context.Context, apart time.Duration, limit int) ([]jobs.Mail, error) {
	rows, err := b.pool.Query(ctx, sqlMakeDigests, apart, KeepAt, limit)
	if err != nil {
		return nil, fmt.Errorf("make digests: %w", err)
	}
	made, err := pgx.CollectRows(rows, scanMail)
	if err != nil {
		return nil, fmt.Errorf("make digests: %w", err)
	}
	return made, nil
}

const sqlGathered = `
select
	mail_id,
	kind,
	person,
	event_id,
	workspace_id,
	stream
from workers.gathered
where mail_id = $1
order by noted_at, event_id`

// Gathered is what a digest tells, the oldest first.
func (b *Box) Gathered(ctx context.Context, digest uuid.UUID) ([]jobs.Mail, error) {
	rows, err := b.pool.Query(ctx, sqlGathered, [16]byte(digest))
	if err != nil {
		return nil, fmt.Errorf("read a digest: %w", err)
	}
	gathered, err := pgx.CollectRows(rows, scanMail)
	if err != nil {
		return nil, fmt.Errorf("read a digest: %w", err)
	}
	return gathered, nil
}

const sqlUnwanted = `
select exists (
	select
	from notices.preferences
	where person = $1
		and kind = $2
		and channel = 'email'
		and not wanted
)`

// Unwanted reports whether the person has switched mails of this kind off.
func (b *Box) Unwanted(ctx context.Context, m jobs.Mail) (unwanted bool, err error) {
	if !m.Kind.Optional() {
		return false, nil
	}
	if err := b.pool.QueryRow(ctx, sqlUnwanted, id(m.Person), m.Kind).Scan(&unwanted); err != nil {
		return false, fmt.Errorf("ask whether a mail is wanted: %w", err)
	}
	return unwanted, nil
}

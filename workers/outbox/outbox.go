// Package outbox remembers which mails are to be sent to whom, and sends each
// once.
//
// The claim is stored before the mail is handed over and the end after it. A
// crash in between sends the mail again, with the same Message-ID, by which
// mailboxes recognize it; nothing sends it more often.
//
// What can wait is gathered instead: a person gets a digest of it, and the next
// one half an hour later at the earliest.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/workers/jobs"
)

// Outcome is how a mail ended.
type Outcome string

// The outcomes.
const (
	Sent          Outcome = "sent"          // the mail server took it
	Undeliverable Outcome = "undeliverable" // refused for good
	Obsolete      Outcome = "obsolete"      // no longer true when it was to be sent
	Unwanted      Outcome = "unwanted"      // its person has switched this kind off
)

const (
	claimLife = 2 * time.Minute // longer than one sending can take
	overdue   = 5 * time.Second // after which an open mail is somebody else's to bring

	// KeepAt is for how long a mail is tried.
	KeepAt = 7 * 24 * time.Hour
)

// Box is the table of mails. It needs the engine's role.
type Box struct{ pool *pgxpool.Pool }

// New opens the box.
func New(pool *pgxpool.Pool) *Box { return &Box{pool: pool} }

const sqlNote = `
insert into workers.mails (mail_id, kind, person, event_id, workspace_id, stream)
values ($1, $2, $3, $4, $5, $6)
on conflict (mail_id) do nothing`

// Note remembers, in the transaction in which the event is handled, that a mail
// is to be sent. Noting it again changes nothing.
func Note(ctx context.Context, tx pgx.Tx, m jobs.Mail) error {
	_, err := tx.Exec(ctx, sqlNote, [16]byte(m.ID), m.Kind, id(m.Person), id(m.Event), id(m.Workspace), m.Stream.String())
	if err != nil {
		return fmt.Errorf("note a mail: %w", err)
	}
	return nil
}

// The task may be here before the policy's transaction has ended: the claim
// then waits for it, and otherwise makes the row itself.
const sqlClaim = `
insert into workers.mails as known (mail_id, kind, person, event_id, workspace_id, stream, not_before, tries)
values ($1, $2, $3, $4, $5, $6, now() + $7::interval, 1)
on conflict (mail_id) do update
set
	not_before = clock_timestamp() + $7::interval,
	tries = known.tries + 1
where known.ended_at is null
	and known.not_before <= clock_timestamp()
returning tries`

// claim takes the mail for this try. It answers 0 when the mail has ended, or
// is somebody else's at the moment.
func (b *Box) claim(ctx context.Context, m jobs.Mail) (tries int, err error) {
	err = b.pool.QueryRow(ctx, sqlClaim,
		[16]byte(m.ID), m.Kind, id(m.Person), id(m.Event), id(m.Workspace), m.Stream.String(), claimLife).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("claim a mail: %w", err)
	}
	return tries, nil
}

// A digest's half hour begins anew when the digest has really gone out, and is
// given back when there was nothing left to tell: what is gathered next is not
// held up by a mail that nobody got.
const sqlEnd = `
with ended as (
	update workers.mails
	set
		ended_at = clock_timestamp(),
		outcome = $2,
		code = $3
	where mail_id = $1
		and ended_at is null
	returning person, kind
)
update workers.digests as d
set made_at = case $2 when 'sent' then clock_timestamp() else '-infinity' end
from ended
where d.person = ended.person
	and ended.kind = 'digest'
	and $2 in ('sent', 'obsolete', 'unwanted')`

func (b *Box) end(ctx context.Context, mail uuid.UUID, outcome Outcome, code string) error {
	if _, err := b.pool.Exec(ctx, sqlEnd, [16]byte(mail), outcome, nullable(code)); err != nil {
		return fmt.Errorf("record the end of a mail: %w", err)
	}
	return nil
}

const sqlPutOff = `
update workers.mails
set
	not_before = clock_timestamp() + $2::interval,
	code = $3
where mail_id = $1
	and ended_at is null`

func (b *Box) putOff(ctx context.Context, mail uuid.UUID, by time.Duration, code string) error {
	if _, err := b.pool.Exec(ctx, sqlPutOff, [16]byte(mail), by, nullable(code)); err != nil {
		return fmt.Errorf("put off a mail: %w", err)
	}
	return nil
}

const sqlOpen = `
select
	mail_id,
	kind,
	person,
	event_id,
	workspace_id,
	stream
from workers.mails
where ended_at is null
	and not_before < now() - $1::interval
	and noted_at > now() - $2::interval
order by not_before
limit $3`

// Open lists mails that should have been sent by now, the oldest first: their
// tasks were lost, or never reached the queue.
func (b *Box) Open(ctx context.Context, limit int) ([]jobs.Mail, error) {
	rows, err := b.pool.Query(ctx, sqlOpen, overdue, KeepAt, limit)
	if err != nil {
		return nil, fmt.Errorf("list open mails: %w", err)
	}
	open, err := pgx.CollectRows(rows, scanMail)
	if err != nil {
		return nil, fmt.Errorf("list open mails: %w", err)
	}
	return open, nil
}

const sqlMissing = `
select m.id
from unnest($1::uuid[]) as m (id)
where not exists (
	select
	from workers.mails as known
	where known.mail_id = m.id
)`

// Missing keeps of some mails those that were never noted.
func (b *Box) Missing(ctx context.Context, wanted []jobs.Mail) ([]jobs.Mail, error) {
	ids := make([][16]byte, len(wanted))
	byID := make(map[uuid.UUID]jobs.Mail, len(wanted))
	for i, mail := range wanted {
		ids[i], byID[mail.ID] = mail.ID, mail
	}
	rows, err := b.pool.Query(ctx, sqlMissing, ids)
	if err != nil {
		return nil, fmt.Errorf("look for mails that were never noted: %w", err)
	}
	missing, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (jobs.Mail, error) {
		var found [16]byte
		err := row.Scan(&found)
		return byID[found], err
	})
	if err != nil {
		return nil, fmt.Errorf("look for mails that were never noted: %w", err)
	}
	return missing, nil
}

func scanMail(row pgx.CollectableRow) (m jobs.Mail, err error) {
	var found, person, event, ws pgtype.UUID
	var stream *string
	if err := row.Scan(&found, &m.Kind, &person, &event, &ws, &stream); err != nil {
		return m, err
	}
	m.ID, m.Person, m.Event, m.Workspace = found.Bytes, person.Bytes, event.Bytes, ws.Bytes
	if stream != nil {
		m.Stream, err = domain.ParseStream(*stream)
	}
	return m, err
}

// id is an id as a parameter: the zero id is null.
func id[ID ~[16]byte](of ID) pgtype.UUID { return pgtype.UUID{Bytes: of, Valid: of != ID{}} }

func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

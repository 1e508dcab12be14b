// Package outbox remembers which events a mail is to be sent for, and sends
// each once.
//
// The claim is stored before the mail is handed over and the end after it. A
// crash in between sends the mail again, with the same Message-ID, by which
// mailboxes recognize it; nothing sends it more often.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/workers/jobs"
)

// Kind says what a mail is about.
type Kind string

// The kinds of mails.
const (
	Invitation       Kind = "invitation"       // R20
	Reauthentication Kind = "reauthentication" // R44
)

// Outcome is how a mail ended.
type Outcome string

// The outcomes.
const (
	Sent          Outcome = "sent"          // the mail server took it
	Undeliverable Outcome = "undeliverable" // refused for good
	Obsolete      Outcome = "obsolete"      // no longer true when it was to be sent
)

const (
	claimLife = 2 * time.Minute // longer than one sending can take
	overdue   = 5 * time.Second // after which an open mail is somebody else's to bring

	// KeepAt is for how long an event's mail is tried.
	KeepAt = 7 * 24 * time.Hour
)

// Box is the table of mails. It needs the engine's role.
type Box struct{ pool *pgxpool.Pool }

// New opens the box.
func New(pool *pgxpool.Pool) *Box { return &Box{pool: pool} }

const sqlNote = `
insert into workers.mails (event_id, kind, workspace_id, stream)
values ($1, $2, $3, $4)
on conflict (event_id) do nothing`

// Note remembers, in the transaction in which the event is handled, that a mail
// is to be sent. Noting it again changes nothing.
func Note(ctx context.Context, tx pgx.Tx, kind Kind, m jobs.Mail) error {
	_, err := tx.Exec(ctx, sqlNote, [16]byte(m.Event), kind, [16]byte(m.Workspace), m.Stream.String())
	if err != nil {
		return fmt.Errorf("note a mail: %w", err)
	}
	return nil
}

// The task may be here before the policy's transaction has ended: the claim
// then waits for it, and otherwise makes the row itself.
const sqlClaim = `
insert into workers.mails as known (event_id, kind, workspace_id, stream, not_before, tries)
values ($1, $2, $3, $4, now() + $5::interval, 1)
on conflict (event_id) do update
set
	not_before = clock_timestamp() + $5::interval,
	tries = known.tries + 1
where known.ended_at is null
	and known.not_before <= clock_timestamp()
returning tries`

// claim takes the mail for this try. It answers 0 when the mail has ended, or
// is somebody else's at the moment.
func (b *Box) claim(ctx context.Context, kind Kind, m jobs.Mail) (tries int, err error) {
	err = b.pool.QueryRow(ctx, sqlClaim,
		[16]byte(m.Event), kind, [16]byte(m.Workspace), m.Stream.String(), claimLife).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("claim a mail: %w", err)
	}
	return tries, nil
}

const sqlEnd = `
update workers.mails
set
	ended_at = now(),
	outcome = $2,
	code = $3
where event_id = $1
	and ended_at is null`

func (b *Box) end(ctx context.Context, event domain.EventID, outcome Outcome, code string) error {
	if _, err := b.pool.Exec(ctx, sqlEnd, [16]byte(event), outcome, nullable(code)); err != nil {
		return fmt.Errorf("record the end of a mail: %w", err)
	}
	return nil
}

const sqlPutOff = `
update workers.mails
set
	not_before = clock_timestamp() + $2::interval,
	code = $3
where event_id = $1
	and ended_at is null`

func (b *Box) putOff(ctx context.Context, event domain.EventID, by time.Duration, code string) error {
	if _, err := b.pool.Exec(ctx, sqlPutOff, [16]byte(event), by, nullable(code)); err != nil {
		return fmt.Errorf("put off a mail: %w", err)
	}
	return nil
}

const sqlOpen = `
select
	kind,
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
func (b *Box) Open(ctx context.Context, limit int) ([]jobs.Job, error) {
	rows, err := b.pool.Query(ctx, sqlOpen, overdue, KeepAt, limit)
	if err != nil {
		return nil, fmt.Errorf("list open mails: %w", err)
	}
	open, err := pgx.CollectRows(rows, scanJob)
	if err != nil {
		return nil, fmt.Errorf("list open mails: %w", err)
	}
	return open, nil
}

const sqlMissing = `
select e.id
from unnest($1::uuid[]) as e (id)
where not exists (
	select
	from workers.mails as m
	where m.event_id = e.id
)`

// Missing keeps of some events those that no mail was noted for.
func (b *Box) Missing(ctx context.Context, events []domain.EventID) (map[domain.EventID]bool, error) {
	ids := make([][16]byte, len(events))
	for i, event := range events {
		ids[i] = event
	}
	rows, err := b.pool.Query(ctx, sqlMissing, ids)
	if err != nil {
		return nil, fmt.Errorf("look for mails that were never noted: %w", err)
	}
	missing := map[domain.EventID]bool{}
	var id [16]byte
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		missing[id] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for mails that were never noted: %w", err)
	}
	return missing, nil
}

func scanJob(row pgx.CollectableRow) (jobs.Job, error) {
	var kind Kind
	var m jobs.Mail
	var stream string
	err := row.Scan(&kind, (*[16]byte)(&m.Event), (*[16]byte)(&m.Workspace), &stream)
	if err == nil {
		m.Stream, err = domain.ParseStream(stream)
	}
	return Job(kind, m), err
}

// Job is the task that sends a mail.
func Job(kind Kind, m jobs.Mail) jobs.Job {
	if kind == Invitation {
		return jobs.InviteMail(m)
	}
	return jobs.MendMail(m)
}

func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

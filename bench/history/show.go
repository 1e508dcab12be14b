// Package history measures what auditors wait for.
package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/history/past"
	"behalf/bench/measure"
	"behalf/cmd/behalf/audit"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections/viewtest"
)

// longStream is how many events the workspace has whose past is shown.
const longStream = 100_000

// auditShow compares "behalf audit show --as-of" on a long stream with reading
// its rows once.
func auditShow() measure.Row {
	return measure.Row{Name: "audit show --as-of", Bars: []measure.Bar{{Unit: "ms", Limit: 2, AtMost: true}}, Open: openShow}
}

// A workspace with four accounts, a hundred Clients who were invited and
// accepted, and credential modes that were changed ever since.
const sqlLongStream = `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	$1::uuid,
	$2::text,
	n,
	gen_random_uuid(),
	type,
	convert_to(data::text, 'UTF8'),
	convert_to(jsonb_build_object(
		'actor', 'usr_' || repeat('01', 16),
		'command', 'ChangeCredentialMode',
		'command_id', gen_random_uuid(),
		'correlation', gen_random_uuid()
	)::text, 'UTF8'),
	timestamptz '2026-01-01' + n * interval '1 minute'
from generate_series(1, $3::int) as n
cross join lateral (
	select
		'usr_' || lpad(to_hex(2 + n % 100), 32, '0') as member,
		'acc_' || lpad(to_hex(1 + n % 4), 32, '0') as account,
		'inv_' || lpad(to_hex(2 + n % 100), 32, '0') as invitation
) as who
cross join lateral (
	select
		case
			when n = 1 then 'workspace.created.v1'
			when n <= 5 then 'workspace.account_added.v1'
			when n <= 105 then 'workspace.invitation_accepted.v1'
			else 'workspace.credential_mode_changed.v1'
		end,
		case
			when n = 1 then jsonb_build_object('name', 'Long', 'owner', 'usr_' || repeat('01', 16))
			when n <= 5 then jsonb_build_object('account', account, 'network', 'sandbox', 'remote', account, 'name', account, 'added_by', member)
			when n <= 105 then jsonb_build_object(
				'invitation', invitation,
				'member', member,
				'role', 'client',
				'access', jsonb_build_object('add_accounts', false, 'manage_posts', true),
				'assignments', (
					select jsonb_agg(jsonb_build_object('account', 'acc_' || lpad(to_hex(a), 32, '0'), 'credential_mode', 'owner'))
					from generate_series(1, 4) as a
				)
			)
			else jsonb_build_object(
				'member', member,
				'account', account,
				'from', case when n / 400 % 2 = 0 then 'owner' else 'member' end,
				'to', case when n / 400 % 2 = 0 then 'member' else 'owner' end
			)
		end
) as happened (type, data)
order by n`

const sqlRowsOnce = `
select
	position,
	workspace_id,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
where stream = $1
order by version`

func openShow(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return measure.Sides{}, err
	}
	if err := viewtest.Load(ctx, super, longStream); err != nil { // it is not alone in the log
		return measure.Sides{}, err
	}
	id := domain.WorkspaceID{0: 1, 15: 1}
	stream := domain.StreamOf(domain.WorkspaceStreams, id).String()
	if _, err := super.Exec(ctx, sqlLongStream, [16]byte(id), stream, longStream); err != nil {
		return measure.Sides{}, fmt.Errorf("make a long stream: %w", err)
	}
	if _, err := super.Exec(ctx, "vacuum analyze log.events"); err != nil {
		return measure.Sides{}, err
	}
	engine, err := bench.Under(ctx, super, eventstore.RoleEngine)
	if err != nil {
		return measure.Sides{}, err
	}
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return measure.Sides{}, err
	}
	auditor := audit.Auditor{
		Store:  eventstore.New(engine, registry, eventstore.Options{}),
		Reader: past.Reader{Pool: engine, Registry: registry, Persons: audit.Unopened{}, Now: time.Now},
	}
	took := func(work func() error) ([]float64, error) {
		begun := time.Now()
		err := work()
		return []float64{float64(time.Since(begun).Microseconds()) / 1000}, err
	}
	return measure.Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			return took(func() error {
				return auditor.Show(ctx, io.Discard, id, past.Moment{Position: 2 * longStream}, audit.Text)
			})
		},
		Reference: func(ctx context.Context) ([]float64, error) {
			return took(func() error { return readOnce(ctx, engine, stream) })
		},
	}, nil
}

// readOnce reads a stream's rows as any client does, column by column into
// variables, and does nothing with them.
func readOnce(ctx context.Context, engine *pgxpool.Pool, stream string) error {
	rows, err := engine.Query(ctx, sqlRowsOnce, stream)
	if err != nil {
		return err
	}
	var position int64
	var workspace, id [16]byte
	var name, kind string
	var version int
	var data, metadata []byte
	var at time.Time
	read, err := pgx.ForEachRow(rows, []any{&position, &workspace, &name, &version, &id, &kind, &data, &metadata, &at}, func() error { return nil })
	if err == nil && read.RowsAffected() != longStream {
		err = errors.New("the stream is not whole")
	}
	return err
}

// Rows are what auditors wait for.
func Rows() []measure.Row { return []measure.Row{auditVerify(), auditShow()} }

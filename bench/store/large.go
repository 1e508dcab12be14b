package store

import (
	"context"
	"fmt"

	"behalf/bench/measure"
)

// smallTable is how many rows the reference has.
const smallTable = 10_000

// largeRow compares appends to a large table with appends to a small one.
func largeRow() measure.Row {
	return measure.Row{
		Name:  "append, 1 event, 1 caller, large table, p50",
		Large: true,
		Bars:  []measure.Bar{{Unit: "µs", Limit: 1.3, AtMost: true}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			large, err := filled(ctx, bench, bench.Rows)
			if err != nil {
				return measure.Sides{}, err
			}
			small, err := filled(ctx, bench, smallTable)
			if err != nil {
				return measure.Sides{}, err
			}
			return measure.Sides{Measured: large, Reference: small}, nil
		},
	}
}

// Rows are filled in without indexes, which are made afterwards: this is a
// tenth of the time, and leaves the same table.
const sqlFill = `
alter table log.events
	drop constraint events_pkey,
	drop constraint events_position_key,
	drop constraint events_id_key;
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	workspace.id,
	'post-' || replace(article.id::text, '-', ''),
	version,
	gen_random_uuid(),
	'post.written.v1',
	convert_to('{"text":"' || repeat('x', 200) || '"}', 'UTF8'),
	'{}',
	now()
from generate_series(1, %[1]d / 100) as n,
	lateral (select md5((n %% 1000)::text)::uuid as id) as workspace,
	lateral (select md5('post ' || n)::uuid as id) as article,
	generate_series(1, 100) as version;
alter table log.events
	add constraint events_pkey primary key (stream, version),
	add constraint events_position_key unique (position),
	add constraint events_id_key unique (id);
analyze log.events`

// filled answers the latency of appends to a table that has so many rows already.
func filled(ctx context.Context, bench *measure.Bench, rows int) (func(context.Context) ([]float64, error), error) {
	w, err := openWorld(ctx, bench)
	if err != nil {
		return nil, err
	}
	if _, err := w.pool.Exec(ctx, fmt.Sprintf(sqlFill, rows)); err != nil { // a number of ours: DDL takes no parameters
		return nil, fmt.Errorf("fill a table with %d rows: %w", rows, err)
	}
	if _, err := w.pool.Exec(ctx, "checkpoint"); err != nil {
		return nil, err
	}
	author := w.authors(1)[0]
	return func(ctx context.Context) ([]float64, error) {
		p50, err := measure.Latency(ctx, bench.Each, func(ctx context.Context) error { return author.append(ctx, 1) })
		return []float64{p50}, err
	}, nil
}

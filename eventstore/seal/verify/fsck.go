package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// maxFindings is after how many a check of the events' form gives up.
const maxFindings = 100

const sqlEvents = `
select
	position,
	workspace_id,
	stream,
	version,
	id,
	type,
	data,
	metadata
from log.events
order by position`

const sqlUnlimited = `
select
	set_config('statement_timeout', '0', true),
	set_config('enable_sort', 'off', true)`

const sqlCount = `
select count(*)
from log.events`

// Events checks every event for itself and in its stream, trusting no
// constraint of the database: positions rise, versions count from 1 without
// gaps, ids are unique, a stream belongs to one workspace, every event decodes,
// and the data of current types is in its one canonical form.
func Events(ctx context.Context, pool *pgxpool.Pool, registry *codec.Registry, progress Progress) ([]Finding, error) {
	f := &form{registry: registry, streams: map[string]head{}, ids: map[uuid.UUID]int64{}}
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlUnlimited); err != nil {
			return err
		}
		var total, done int64
		if err := tx.QueryRow(ctx, sqlCount).Scan(&total); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlEvents)
		if err != nil {
			return err
		}
		var e row
		_, err = pgx.ForEachRow(rows, []any{
			&e.position, &e.workspace, &e.stream, &e.version, &e.id, &e.kind,
			(*pgtype.DriverBytes)(&e.data), (*pgtype.DriverBytes)(&e.metadata),
		}, func() error {
			f.check(e)
			if done++; progress != nil && done%1024 == 0 {
				progress(done, total)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	return f.findings, nil
}

// row is an event as the table has it; its bytes last until the next one.
type row struct {
	position       int64
	workspace      pgtype.UUID
	stream, kind   string
	version        int
	id             uuid.UUID
	data, metadata []byte
}

// head is the last event of a stream so far.
type head struct {
	version   int
	workspace pgtype.UUID
}

// form is what has been seen of the log.
type form struct {
	registry *codec.Registry
	position int64
	streams  map[string]head
	ids      map[uuid.UUID]int64
	findings []Finding
}

func (f *form) check(e row) {
	if e.position <= f.position {
		f.found(e, "its position does not rise")
	}
	f.position = e.position
	before, known := f.streams[e.stream]
	switch {
	case e.version != before.version+1:
		f.found(e, fmt.Sprintf("it is version %d of %s, which was at %d", e.version, e.stream, before.version))
	case known && e.workspace != before.workspace:
		f.found(e, e.stream+" changes its workspace")
	}
	f.streams[e.stream] = head{version: e.version, workspace: e.workspace}
	if earlier, twice := f.ids[e.id]; twice {
		f.found(e, fmt.Sprintf("it has the id of the event at %d", earlier))
	}
	f.ids[e.id] = e.position
	f.checkContent(e)
}

func (f *form) checkContent(e row) {
	if _, err := domain.ParseStream(e.stream); err != nil {
		f.found(e, "the name of its stream cannot be read")
	}
	var metadata eventstore.Metadata
	if err := json.Unmarshal(e.metadata, &metadata); err != nil {
		f.found(e, "its metadata cannot be read")
	}
	event, err := f.registry.Decode(e.kind, e.data)
	if err != nil {
		f.found(e, err.Error())
		return
	}
	if event.EventType() != e.kind {
		return // an old version, which is only read
	}
	if encoded, err := codec.Encode(event); err != nil || !bytes.Equal(encoded, e.data) {
		f.found(e, e.kind+" is not in its canonical form")
	}
}

func (f *form) found(e row, detail string) {
	if len(f.findings) < maxFindings {
		f.findings = append(f.findings, Finding{Kind: Form, Position: e.position, Exact: true, Detail: detail})
	}
}

package past

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// pageEntries is how many events one round trip of a Walk looks at.
const pageEntries = 500

// Parts are the kinds of streams that a workspace's history consists of: its
// membership, its accounts, its posts, and who has read its history.
func Parts() []domain.Category {
	return []domain.Category{domain.WorkspaceStreams, domain.AccountStreams, domain.PostStreams, auditlog.Category}
}

// Walk goes through a workspace's history, oldest first, and on from there as
// often as it is asked to. It is for one goroutine.
//
// Where the streams can be named, those are read. The streams of posts are too
// many for that: with them the whole log is gone through by position.
type Walk struct {
	reader    Reader
	scope     eventstore.Scope
	workspace domain.WorkspaceID
	parts     []domain.Category
	filter    Filter
	given     int
	seen      map[string]place // how far each stream was given, where that has to be known
}

type place struct {
	version  int
	position int64
}

// Walk begins at the beginning of a part of a workspace's history, or of all of
// it when no part is named.
func (r Reader) Walk(scope eventstore.Scope, workspace domain.WorkspaceID, filter Filter, parts ...domain.Category) *Walk {
	if len(parts) == 0 {
		parts = Parts()
	}
	return &Walk{reader: r, scope: scope, workspace: workspace, parts: parts, filter: filter, seen: map[string]place{}}
}

// Next goes through what has happened since it was called before. It ends with
// what visit returns, if that is an error, and when the filter's limit is reached.
func (w *Walk) Next(ctx context.Context, visit func(Entry) error) error {
	// Events become visible out of order, but none any more before the mark.
	mark, err := w.mark(ctx)
	if err != nil {
		return fmt.Errorf("read the history of %s: %w", w.workspace, err)
	}
	if slices.Contains(w.parts, domain.PostStreams) {
		return w.scan(ctx, mark, visit)
	}
	return w.follow(ctx, mark, visit)
}

const sqlMark = `
select position
from log.high_water`

func (w *Walk) mark(ctx context.Context) (mark int64, err error) {
	err = w.reader.Pool.QueryRow(ctx, sqlMark).Scan(&mark)
	return mark, err
}

// bounds are the instants and the last position that the filter lets through.
func (w *Walk) bounds(mark int64) (since, until pgtype.Timestamptz, upTo int64) {
	_, until = Moment{Instant: w.filter.Until}.bounds()
	since = pgtype.Timestamptz{Time: w.filter.Since, Valid: true}
	if w.filter.Since.IsZero() {
		since.InfinityModifier = pgtype.NegativeInfinity
	}
	if w.filter.Settled {
		return since, until, mark
	}
	return since, until, math.MaxInt64
}

const sqlUnlimited = `
select
	set_config('statement_timeout', '0', true),
	set_config('enable_sort', 'off', true)`

const sqlScan = `
select
	position,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
where workspace_id = $1
	and position > $2
	and position <= $3
	and split_part(stream, '-', 1) = any ($4)
	and recorded_at >= $5
	and recorded_at <= $6
order by position
limit $7`

// scan goes through the log by position. What is before the mark is not looked
// at again; of what is behind it, it is remembered what was given.
func (w *Walk) scan(ctx context.Context, mark int64, visit func(Entry) error) error {
	since, until, upTo := w.bounds(mark)
	parts := make([]string, len(w.parts))
	for i, part := range w.parts {
		parts[i] = string(part)
	}
	for from := w.filter.After; ; {
		page, err := w.page(ctx, sqlScan, pgtype.UUID{Bytes: w.workspace, Valid: true}, from, upTo, parts, since, until, pageEntries)
		if err != nil {
			return err
		}
		for _, row := range page {
			from = row.Position
			if row.Version <= w.seen[row.Stream].version {
				continue
			}
			if ended, err := w.give(ctx, row, visit); ended || err != nil {
				return err
			}
			if row.Position > mark {
				w.seen[row.Stream] = place{version: row.Version, position: row.Position}
			}
		}
		if len(page) < pageEntries {
			break
		}
	}
	w.filter.After = max(w.filter.After, mark)
	maps.DeleteFunc(w.seen, func(_ string, at place) bool { return at.position <= mark })
	return nil
}

const sqlStreams = `
select
	e.position,
	s.stream,
	e.version,
	e.id,
	e.type,
	e.data,
	e.metadata,
	e.recorded_at
from unnest($1::text[], $2::int[]) as s (stream, version)
cross join lateral (
	select
		position,
		version,
		id,
		type,
		data,
		metadata,
		recorded_at
	from log.events
	where stream = s.stream
		and version > s.version
		and workspace_id = $3
		and position > $4
		and position <= $5
		and recorded_at >= $6
		and recorded_at <= $7
	order by version
	limit $8
) as e
order by e.position
limit $8`

// follow reads streams on from where it has come in each.
func (w *Walk) follow(ctx context.Context, mark int64, visit func(Entry) error) error {
	since, until, upTo := w.bounds(mark)
	streams, err := w.streams(ctx)
	if err != nil {
		return err
	}
	for {
		versions := make([]int32, len(streams))
		for i, stream := range streams {
			versions[i] = int32(w.seen[stream].version) //nolint:gosec // G115: the table's versions are as wide
		}
		page, err := w.page(ctx, sqlStreams, streams, versions, pgtype.UUID{Bytes: w.workspace, Valid: true},
			w.filter.After, upTo, since, until, pageEntries)
		if err != nil {
			return err
		}
		for _, row := range page {
			w.seen[row.Stream] = place{version: row.Version, position: row.Position}
			if ended, err := w.give(ctx, row, visit); ended || err != nil {
				return err
			}
		}
		if len(page) < pageEntries {
			return nil
		}
	}
}

// Whatever account the workspace's stream has ever named was its own.
const sqlAccounts = `
select distinct 'account-' || named.id[1]
from log.events as e
cross join lateral regexp_matches(encode(e.data, 'escape'), '"acc_([0-9a-f]{32})"', 'g') as named (id)
where e.stream = $1`

// streams names what is to be read.
func (w *Walk) streams(ctx context.Context) ([]string, error) {
	var names []string
	for _, part := range w.parts {
		if part != domain.AccountStreams {
			names = append(names, domain.StreamOf(part, w.workspace).String())
			continue
		}
		var accounts []string
		batch := &pgx.Batch{}
		w.scope.Queue(batch)
		batch.Queue(sqlAccounts, workspace.Stream(w.workspace).String()).Query(func(rows pgx.Rows) (err error) {
			accounts, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		if err := w.reader.Pool.SendBatch(ctx, batch).Close(); err != nil {
			return nil, fmt.Errorf("find the accounts of %s: %w", w.workspace, err)
		}
		names = append(names, accounts...)
	}
	return names, nil
}

func (w *Walk) page(ctx context.Context, query string, arguments ...any) (page []entryRow, err error) {
	batch := &pgx.Batch{}
	w.scope.Queue(batch)
	if query == sqlScan {
		batch.Queue(sqlUnlimited)
	}
	batch.Queue(query, arguments...).Query(func(rows pgx.Rows) (err error) {
		page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[entryRow])
		return err
	})
	if err := w.reader.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", w.workspace, err)
	}
	return page, nil
}

// give hands a row on, if the filter lets it pass, and reports whether that was
// the last one that is wanted.
func (w *Walk) give(ctx context.Context, row entryRow, visit func(Entry) error) (ended bool, err error) {
	entry, matches, err := w.reader.entry(ctx, row, w.filter)
	if err != nil {
		return false, fmt.Errorf("read the event at %d: %w", row.Position, err)
	}
	if !matches {
		return false, nil
	}
	if err := visit(entry); err != nil {
		return false, err
	}
	w.given++
	return w.given == w.filter.Limit, nil
}

package eventstore

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// Scope is what the role RoleAPI may see: one workspace's rows, and the
// streams of one user. The zero Scope sees nothing. RoleEngine sees everything.
type Scope struct {
	Workspace domain.WorkspaceID
	User      domain.UserID
}

const sqlScope = `
select
	set_config('behalf.workspace', $1, true),
	set_config('behalf.user', $2, true)`

// Queue puts the scope before the queries of a batch. pgx sends a batch as one
// implicit transaction, which is as long as the scope lasts: no round trip is
// spent, and nothing is left on the connection.
func (s Scope) Queue(batch *pgx.Batch) {
	batch.Queue(sqlScope, setting(s.Workspace), setting(s.User))
}

// setting writes an id as the row policies read it: 32 digits, or nothing.
func setting(id [16]byte) string {
	if id == [16]byte{} {
		return ""
	}
	return hex.EncodeToString(id[:])
}

// Loaded is what a decision is taken on.
type Loaded struct {
	Facts    domain.Facts
	Versions map[domain.Stream]int // 0 for a stream that does not exist, or not for this scope
	Position int64                 // of the newest event among them; 0 without any
}

const sqlLoad = `
select
	stream,
	version,
	position,
	type,
	data
from log.events
where stream = any($1)
order by stream, version`

// Load folds streams into their states, in one round trip. A stream that does
// not exist has its first state and version 0.
func (s *Store) Load(ctx context.Context, scope Scope, streams ...domain.Stream) (Loaded, error) {
	loaded, err := s.fresh(streams)
	if err != nil {
		return Loaded{}, err
	}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	loaded.queue(batch, s.registry)
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Loaded{}, fmt.Errorf("load: %w", err)
	}
	return loaded, nil
}

// fresh returns the states before the first event.
func (s *Store) fresh(streams []domain.Stream) (Loaded, error) {
	loaded := Loaded{Facts: domain.Facts{}, Versions: map[domain.Stream]int{}}
	for _, stream := range streams {
		state, err := s.registry.State(stream.Category)
		if err != nil {
			return Loaded{}, fmt.Errorf("load %s: %w", stream, err)
		}
		loaded.Facts[stream], loaded.Versions[stream] = state, 0
	}
	return loaded, nil
}

// queue adds the query whose rows evolve the states.
func (l *Loaded) queue(batch *pgx.Batch, registry *Registry) {
	names := make([]string, 0, len(l.Facts))
	for stream := range l.Facts {
		names = append(names, stream.String())
	}
	batch.Queue(sqlLoad, names).Query(func(rows pgx.Rows) error {
		var name, kind string
		var version int
		var position int64
		var data []byte
		_, err := pgx.ForEachRow(rows, []any{&name, &version, &position, &kind, &data}, func() error {
			stream, err := domain.ParseStream(name)
			if err != nil {
				return err
			}
			event, err := registry.Decode(kind, data)
			if err != nil {
				return fmt.Errorf("%s at version %d: %w", stream, version, err)
			}
			l.Facts[stream].Evolve(event)
			l.Versions[stream] = version
			l.Position = max(l.Position, position)
			return nil
		})
		return err
	})
}

const sqlVersions = `
select
	s.stream,
	coalesce(head.version, 0)
from unnest($1::text[]) as s (stream)
left join lateral (
	select e.version
	from log.events as e
	where e.stream = s.stream
	order by e.version desc
	limit 1
) as head on true`

// Moved reports whether any of the streams that were loaded has a newer event
// by now. It reads one index entry per stream: what has been decided can be
// checked again right before something that cannot be undone.
func (s *Store) Moved(ctx context.Context, scope Scope, since Loaded) (bool, error) {
	names := make([]string, 0, len(since.Versions))
	for stream := range since.Versions {
		names = append(names, stream.String())
	}
	seen := map[domain.Stream]int{}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlVersions, names).Query(func(rows pgx.Rows) error {
		var name string
		var version int
		_, err := pgx.ForEachRow(rows, []any{&name, &version}, func() error {
			stream, err := domain.ParseStream(name)
			seen[stream] = version
			return err
		})
		return err
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return false, fmt.Errorf("read the streams' versions: %w", err)
	}
	return !maps.Equal(seen, since.Versions), nil
}

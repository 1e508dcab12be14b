package viewtest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// together is how many workspaces live at the same time.
const together = 16

// source makes the rows of log.events, one by one; it is a pgx.CopyFromSource.
type source struct {
	left     int
	position int64
	begun    int          // workspaces
	alive    [][]happened // what is left to tell of each
	turn     int
	versions []map[domain.Stream]int
	values   []any
	failed   error
}

// Next implements pgx.CopyFromSource.
func (s *source) Next() bool {
	if s.left == 0 || s.failed != nil {
		return false
	}
	s.left--
	s.turn = (s.turn + 1) % together
	if len(s.alive[s.turn]) == 0 {
		s.begun++
		s.alive[s.turn], s.versions[s.turn] = company(s.begun), map[domain.Stream]int{}
	}
	next := s.alive[s.turn][0]
	s.alive[s.turn] = s.alive[s.turn][1:]
	s.values, s.failed = s.row(next)
	return s.failed == nil
}

func (s *source) row(next happened) ([]any, error) {
	s.position++
	versions := s.versions[s.turn] // no stream belongs to two of them
	versions[next.Stream]++
	id := numbered[uuid.UUID](9, int(s.position), 0)
	data, err := codec.Encode(next.Event)
	if err != nil {
		return nil, err
	}
	metadata, err := json.Marshal(eventstore.Metadata{
		Actor: next.actor, Command: "command", CommandID: id, Correlation: "a-correlation-of-some-length",
	})
	if err != nil {
		return nil, err
	}
	row := []any{
		s.position, pgtype.UUID{Bytes: next.workspace, Valid: next.workspace != domain.WorkspaceID{}}, next.Stream.String(), versions[next.Stream],
		pgtype.UUID{Bytes: id, Valid: true}, next.Event.EventType(), data, metadata, dawn.Add(time.Duration(s.position) * time.Millisecond),
	}
	return row, nil
}

// Values implements pgx.CopyFromSource.
func (s *source) Values() ([]any, error) { return s.values, nil }

// Err implements pgx.CopyFromSource.
func (s *source) Err() error { return s.failed }

const sqlDrawn = `
select setval('log.positions', $1)`

const sqlReadable = `
update log.high_water
set position = $1`

// Load fills an empty log with so many events. The pool is a superuser's.
func Load(ctx context.Context, pool *pgxpool.Pool, events int) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		columns := []string{"position", "workspace_id", "stream", "version", "id", "type", "data", "metadata", "recorded_at"}
		from := &source{left: events, alive: make([][]happened, together), versions: make([]map[domain.Stream]int, together)}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"log", "events"}, columns, from); err != nil {
			return err
		}
		for _, statement := range []string{sqlDrawn, sqlReadable} {
			if _, err := tx.Exec(ctx, statement, int64(events)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("load a history of %d events: %w", events, err)
	}
	return nil
}

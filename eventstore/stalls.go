package eventstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Stalls say what holds the log up, if something does.
type Stalls struct {
	Head      int64 // the last position that was drawn
	HighWater int64 // the position up to which everything may be read
	// Since is for how long the mark has been behind the head; 0 when it is not.
	Since time.Duration
	// BarrierWait is how long the leader of this process has been waiting for
	// appends to end, or waited the last time; 0 where no leader leads.
	BarrierWait time.Duration
	// Oldest is the append that has been under way for the longest time: what
	// the mark waits for. Its PID is 0 when none is under way.
	Oldest OpenAppend
	// Waiting and UnderWay count the appends of this process that wait for a
	// call to begin, and those that are part of one.
	Waiting, UnderWay int
	Groups            []GroupLag // by name
}

// OpenAppend is a transaction that has drawn positions, or is about to.
type OpenAppend struct {
	PID int           // of the Postgres process: what pg_terminate_backend takes
	Age time.Duration // of its transaction; 0 where the role may not know
}

// GroupLag is how far a consumer group is behind what may be read.
type GroupLag struct {
	Group     string
	Positions int64
	Age       time.Duration // of the first event that it has not handled
}

// What is drawn may be ahead of what was read before it, so the head comes last.
const sqlMark = `
select
	h.position,
	extract(epoch from clock_timestamp() - h.moved_at)::float8,
	coalesce(pg_sequence_last_value('log.positions'), 0)
from log.high_water as h`

const sqlOldestAppend = `
select
	l.pid,
	coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::float8
from pg_locks as l
left join pg_stat_activity as a on a.pid = l.pid
where l.locktype = 'advisory'
	and l.database = (select oid from pg_database where datname = current_database())
	and l.classid = 25192
	and l.objid = 1
	and l.objsubid = 2
	and l.mode = 'ShareLock'
	and l.granted
order by
	a.xact_start nulls last,
	l.pid
limit 1`

const sqlLags = `
select
	c.name,
	greatest(h.position - c.position, 0),
	coalesce(extract(epoch from clock_timestamp() - first.recorded_at), 0)::float8
from log.high_water as h
cross join log.checkpoints as c
left join lateral (
	select e.recorded_at
	from log.events as e
	where e.position > c.position
		and e.position <= h.position
	order by e.position
	limit 1
) as first on true
order by c.name`

// Stalls looks at what holds the log up. The pool has to run under RoleEngine.
// It costs a round trip, and an index look-up for each consumer group.
func (s *Store) Stalls(ctx context.Context) (Stalls, error) {
	var stalls Stalls
	batch := &pgx.Batch{}
	batch.Queue(sqlMark).QueryRow(func(row pgx.Row) error {
		var since float64
		err := row.Scan(&stalls.HighWater, &since, &stalls.Head)
		if stalls.Head > stalls.HighWater {
			stalls.Since = seconds(since)
		}
		return err
	})
	batch.Queue(sqlOldestAppend).Query(func(rows pgx.Rows) error {
		var age float64
		_, err := pgx.ForEachRow(rows, []any{&stalls.Oldest.PID, &age}, func() error {
			stalls.Oldest.Age = seconds(age)
			return nil
		})
		return err
	})
	batch.Queue(sqlLags).Query(func(rows pgx.Rows) error {
		var lag GroupLag
		var age float64
		_, err := pgx.ForEachRow(rows, []any{&lag.Group, &lag.Positions, &age}, func() error {
			lag.Age = seconds(age)
			stalls.Groups = append(stalls.Groups, lag)
			return nil
		})
		return err
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Stalls{}, fmt.Errorf("look for stalls: %w", err)
	}
	stalls.BarrierWait = s.leader.BarrierWait()
	stalls.Waiting, stalls.UnderWay = s.group.Jobs()
	return stalls, nil
}

func seconds(value float64) time.Duration {
	return max(0, time.Duration(value*float64(time.Second)))
}

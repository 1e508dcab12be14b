package operator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/workers/jobs"
)

// Waiting is one kind of work that Postgres knows of.
type Waiting struct {
	Work   string    `json:"work" enum:"mails,digests,publish,reconcile,reauthentication,unknown" doc:"mails and digests to be sent; posts to be published; attempts whose outcome is open; posts that wait for somebody to reauthenticate; posts that a person has to decide on."`
	All    int64     `json:"all" doc:"How much there is, that of later included."`
	Due    int64     `json:"due" doc:"How much of it is due already."`
	Oldest time.Time `json:"oldest,omitzero" doc:"Since when the longest is due; absent if nothing is."`
}

// Jobs is one queue in Redis.
type Jobs struct {
	Queue     string `json:"queue" doc:"The queue."`
	Pending   int    `json:"pending" doc:"Jobs that a worker can take."`
	Active    int    `json:"active" doc:"Jobs that a worker has."`
	Scheduled int    `json:"scheduled" doc:"Jobs for later."`
	Retry     int    `json:"retry" doc:"Jobs that failed and are tried again."`
	Dead      int    `json:"dead" doc:"Jobs that were given up. What they were for is found again in Postgres."`

	Oldest      float64 `json:"oldest_seconds" doc:"How long the first of those has waited that a worker can take, in seconds." example:"0.4"`
	Paused      bool    `json:"paused" doc:"Whether the workers leave it alone."`
	DoneToday   int     `json:"done_today" doc:"Jobs that ended well since midnight UTC. A post that is due at once needs none."`
	FailedToday int     `json:"failed_today" doc:"Failures since midnight UTC; a job may fail more than once."`
	Done        int     `json:"done" doc:"Jobs that ended well, ever: the difference of two answers tells the rate."`
	Failed      int     `json:"failed" doc:"Failures, ever."`
}

type queuesOutput struct {
	Body struct {
		Waiting []Waiting `json:"waiting" doc:"What Postgres says: the truth, as far as the views are."`
		Jobs    []Jobs    `json:"jobs,omitempty" doc:"What is in Redis; absent when Redis does not answer. Losing it loses nothing."`
	} `nameHint:"Backlog"`
}

func (d *Desk) queues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	output := &queuesOutput{}
	var err error
	if output.Body.Waiting, err = waiting(ctx, d.Pool); err != nil {
		return nil, err
	}
	if d.Jobs == nil {
		return output, nil
	}
	sizes, err := d.Jobs.Sizes()
	if err != nil {
		return output, nil //nolint:nilerr // Redis is only the queue: an operator wants to know the rest all the more
	}
	for _, size := range sizes {
		output.Body.Jobs = append(output.Body.Jobs, jobsOf(size))
	}
	return output, nil
}

func jobsOf(size jobs.Size) Jobs {
	return Jobs{
		Queue: size.Queue, Pending: size.Pending, Active: size.Active, Scheduled: size.Scheduled, Retry: size.Retry, Dead: size.Archived,
		Oldest: size.Oldest.Seconds(), Paused: size.Paused,
		DoneToday: size.DoneToday, FailedToday: size.FailedToday, Done: size.DoneEver, Failed: size.FailedEver,
	}
}

// The API's role sees no other workspace's rows: it is told numbers alone.
const sqlWaiting = `
select work, total, due, oldest
from workers.waiting()
order by work`

func waiting(ctx context.Context, pool *pgxpool.Pool) ([]Waiting, error) {
	found, err := pool.Query(ctx, sqlWaiting)
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (one Waiting, err error) {
		var oldest *time.Time
		err = row.Scan(&one.Work, &one.All, &one.Due, &oldest)
		if oldest != nil {
			one.Oldest = oldest.UTC()
		}
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	return all, nil
}

const sqlParked = `
select name, position, type, class, parked_at, attempts
from views.parked
order by name, position
limit 1000`

func allParked(ctx context.Context, pool *pgxpool.Pool) ([]Parked, error) {
	found, err := pool.Query(ctx, sqlParked)
	if err != nil {
		return nil, fmt.Errorf("list what is parked: %w", err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (one Parked, err error) {
		err = row.Scan(&one.View, &one.Position, &one.Type, &one.Class, &one.ParkedAt, &one.Attempts)
		one.View, one.ParkedAt = viewOf(one.View), one.ParkedAt.UTC()
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what is parked: %w", err)
	}
	return all, nil
}

// viewOf reads the view's name from that of its consumer group, "view:members:2".
func viewOf(group string) string {
	name, found := strings.CutPrefix(group, "view:")
	if !found {
		return group
	}
	name, _, _ = strings.Cut(name, ":")
	return name
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"behalf/internal/redisurl"
	"behalf/workers/meter"
)

// ErrUnavailable says that Redis did not take a job. What was to be done stands
// in Postgres, and the sweeper finds it there.
var ErrUnavailable = errors.New("the job queue is not available")

const (
	enqueueTime = time.Second // for one job; whoever enqueues may hold a transaction open
	holdOff     = time.Second // after a failure, in which nothing is tried
)

// Queue puts jobs into Redis.
type Queue struct {
	Queued func() // told of each that can be taken now; nil for nobody

	client *redis.Client
	tasks  *asynq.Client
	meter  *meter.Meter

	mutex sync.Mutex
	until time.Time // nothing is tried before
}

// NewQueue takes an address that redisurl understands. It does not connect.
func NewQueue(address string, m *meter.Meter) (*Queue, error) {
	options, err := redisurl.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	options.ContextTimeoutEnabled = true
	options.DialTimeout = enqueueTime
	options.MaxRetries = -1 // the sweeper is the retry
	client := redisurl.Open(options)
	return &Queue{client: client, tasks: asynq.NewClientFromRedisClient(client), meter: m}, nil
}

// Enqueue puts a job into the queue. One of the same id that is there already
// is no error: whether its effect came about is judged in Postgres. It fails
// with ErrUnavailable within a second when Redis is away, and at once for a
// moment after that.
func (q *Queue) Enqueue(ctx context.Context, job Job) error {
	task, err := job.task()
	if err != nil {
		return err
	}
	if q.resting() {
		q.meter.Enqueued(job.Type, "unavailable")
		return ErrUnavailable
	}
	ctx, cancel := context.WithTimeout(ctx, enqueueTime)
	defer cancel()
	switch put, err := q.tasks.EnqueueContext(ctx, task); {
	case err == nil:
		if q.Queued != nil && put.State == asynq.TaskStatePending {
			q.Queued()
		}
		q.meter.Enqueued(job.Type, "enqueued")
		return nil
	case errors.Is(err, asynq.ErrTaskIDConflict):
		q.meter.Enqueued(job.Type, "there_already")
		return nil
	default:
		q.rest()
		q.meter.Enqueued(job.Type, "unavailable")
		return fmt.Errorf("enqueue %s: %w: %w", job.Type, ErrUnavailable, err)
	}
}

// Redis is the client that the queue uses, for what else is shared there.
func (q *Queue) Redis() *redis.Client { return q.client }

// Ping reports whether Redis answers.
func (q *Queue) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, enqueueTime)
	defer cancel()
	return q.client.Ping(ctx).Err()
}

// Close gives the connections back.
func (q *Queue) Close() error { return q.client.Close() }

func (q *Queue) resting() bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return time.Now().Before(q.until)
}

func (q *Queue) rest() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.until = time.Now().Add(holdOff)
}

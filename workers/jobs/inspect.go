package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Queues are all of them.
func Queues() []string { return []string{MailQueue, PublishQueue} }

// Size is how many jobs are in one queue, by what becomes of them next.
type Size struct {
	Queue                                       string
	Pending, Active, Scheduled, Retry, Archived int
	Oldest                                      time.Duration // how long the first of the pending ones has waited
	Paused                                      bool
	DoneToday, FailedToday                      int // since midnight UTC
	DoneEver, FailedEver                        int
}

// State is what becomes of a job next.
type State string

// The states of jobs. What is active cannot be run or dropped.
const (
	Pending   State = "pending"
	Active    State = "active"
	Scheduled State = "scheduled"
	Retrying  State = "retry"
	Archived  State = "archived"
)

// Waiting is a job in a queue, without what it failed with: that is in the log,
// under its id.
type Waiting struct {
	ID       string
	Type     string
	State    State
	Failed   int // times
	Most     int // times that it may fail
	FailedAt time.Time
	Next     time.Time         // when it is tried again
	About    map[string]string // ids and moments: all that a job carries
}

// The errors of an Inspector.
var (
	ErrNoQueue = errors.New("there is no such queue")
	ErrNoJob   = errors.New("there is no such job in that state")
)

// Inspector shows operators what is in Redis, and changes it. How long it waits
// is the client's setting.
type Inspector struct {
	client redis.UniversalClient
	tasks  *asynq.Inspector
}

// NewInspector makes one; the client is the caller's to close.
func NewInspector(client redis.UniversalClient) *Inspector {
	return &Inspector{client: client, tasks: asynq.NewInspectorFromRedisClient(client)}
}

// Sizes counts the jobs. A queue that nothing was ever put into is empty.
func (i *Inspector) Sizes() ([]Size, error) {
	var sizes []Size
	for _, queue := range Queues() {
		size, err := i.Size(queue)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

// Size counts the jobs of one queue.
func (i *Inspector) Size(queue string) (Size, error) {
	used, err := i.used(queue)
	if err != nil {
		return Size{}, err
	}
	if !used { // asynq tells nothing of it, not even whether it was paused
		paused, err := i.client.Exists(context.Background(), "asynq:{"+queue+"}:paused").Result()
		return Size{Queue: queue, Paused: paused > 0}, err
	}
	info, err := i.tasks.GetQueueInfo(queue)
	if err != nil {
		return Size{}, fmt.Errorf("count the jobs of %s: %w", queue, err)
	}
	return Size{
		Queue: queue, Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled, Retry: info.Retry, Archived: info.Archived,
		Oldest: info.Latency, Paused: info.Paused,
		DoneToday: info.Processed - info.Failed, FailedToday: info.Failed,
		DoneEver: info.ProcessedTotal - info.FailedTotal, FailedEver: info.FailedTotal,
	}, nil
}

// List answers the first jobs of a queue in one state.
func (i *Inspector) List(queue string, state State, most int) ([]Waiting, error) {
	list, known := map[State]func(string, ...asynq.ListOption) ([]*asynq.TaskInfo, error){
		Pending: i.tasks.ListPendingTasks, Active: i.tasks.ListActiveTasks, Scheduled: i.tasks.ListScheduledTasks,
		Retrying: i.tasks.ListRetryTasks, Archived: i.tasks.ListArchivedTasks,
	}[state]
	if !known {
		return nil, ErrNoQueue
	}
	used, err := i.used(queue)
	if err != nil || !used {
		return nil, err
	}
	found, err := list(queue, asynq.PageSize(most))
	if err != nil {
		return nil, fmt.Errorf("list the jobs of %s: %w", queue, err)
	}
	all := make([]Waiting, len(found))
	for n, task := range found {
		all[n] = Waiting{
			ID: task.ID, Type: task.Type, State: state, Failed: task.Retried, Most: task.MaxRetry,
			FailedAt: task.LastFailedAt, Next: task.NextProcessAt, About: about(task.Payload),
		}
	}
	return all, nil
}

// shown are the fields of payloads: ids and moments. Whatever else may come to
// stand there is not shown.
var shown = []string{"id", "kind", "person", "event", "workspace", "stream", "post", "account", "attempt", "due", "deadline"}

func about(payload []byte) map[string]string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil {
		return nil
	}
	told := map[string]string{}
	for _, name := range shown {
		var value string
		if json.Unmarshal(fields[name], &value) == nil && value != "" {
			told[name] = value
		}
	}
	return told
}

// Pause keeps the workers from taking jobs out of a queue; again is no error.
// What a worker learns of directly, it does all the same.
func (i *Inspector) Pause(queue string) error { return i.turn(queue, true, i.tasks.PauseQueue) }

// Resume ends a pause; again is no error.
func (i *Inspector) Resume(queue string) error { return i.turn(queue, false, i.tasks.UnpauseQueue) }

func (i *Inspector) turn(queue string, paused bool, turn func(string) error) error {
	size, err := i.Size(queue)
	if err != nil || size.Paused == paused {
		return err
	}
	if err := turn(queue); err != nil {
		return fmt.Errorf("pause or resume %s: %w", queue, err)
	}
	return nil
}

// Retry has a job tried again at once, or with an empty id all of one state.
func (i *Inspector) Retry(queue string, state State, id string) (int, error) {
	all := map[State]func(string) (int, error){
		Scheduled: i.tasks.RunAllScheduledTasks, Retrying: i.tasks.RunAllRetryTasks, Archived: i.tasks.RunAllArchivedTasks,
	}[state]
	return i.change(queue, state, id, all, i.tasks.RunTask)
}

// Drop takes a job out of its queue, or with an empty id all of one state. What
// was to be done stands in Postgres, and the sweeper may bring it again.
func (i *Inspector) Drop(queue string, state State, id string) (int, error) {
	all := map[State]func(string) (int, error){
		Pending: i.tasks.DeleteAllPendingTasks, Scheduled: i.tasks.DeleteAllScheduledTasks,
		Retrying: i.tasks.DeleteAllRetryTasks, Archived: i.tasks.DeleteAllArchivedTasks,
	}[state]
	return i.change(queue, state, id, all, i.tasks.DeleteTask)
}

func (i *Inspector) change(queue string, state State, id string, all func(string) (int, error), one func(queue, id string) error) (int, error) {
	if all == nil {
		return 0, ErrNoQueue
	}
	used, err := i.used(queue)
	changed := 1
	switch {
	case err != nil:
		return 0, err
	case !used && id == "":
		return 0, nil
	case !used:
		return 0, ErrNoJob
	case id == "":
		changed, err = all(queue)
	default:
		if err = i.is(queue, state, id); err == nil {
			err = one(queue, id)
		}
	}
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound):
		return 0, ErrNoJob
	case err != nil:
		return 0, fmt.Errorf("change the jobs of %s: %w", queue, err)
	}
	return changed, nil
}

// used reports whether anything was ever put into a queue: asynq knows no other,
// and has no error for it that can be told from others.
func (i *Inspector) used(queue string) (bool, error) {
	if !slices.Contains(Queues(), queue) {
		return false, ErrNoQueue
	}
	known, err := i.tasks.Queues()
	if err != nil {
		return false, fmt.Errorf("list the queues: %w", err)
	}
	return slices.Contains(known, queue), nil
}

// is fails unless the job is in that state: an operator who has seen it there
// means it as it was.
func (i *Inspector) is(queue string, state State, id string) error {
	info, err := i.tasks.GetTaskInfo(queue, id)
	if err == nil && info.State.String() != string(state) {
		return asynq.ErrTaskNotFound
	}
	return err
}

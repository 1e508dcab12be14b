package jobs_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
	"behalf/workers/jobs"
)

func target(due time.Time) jobs.Target {
	return jobs.Target{Workspace: eventstore.Fresh(), Post: eventstore.Fresh(), Account: eventstore.Fresh(), Due: due}
}

func inspector(t *testing.T, address string) *asynq.Inspector {
	t.Helper()
	options, err := redisurl.Asynq(address)
	require.NoError(t, err)
	inspector := asynq.NewInspector(options)
	t.Cleanup(func() { require.NoError(t, inspector.Close()) })
	return inspector
}

func newQueue(t *testing.T, address string) *jobs.Queue {
	t.Helper()
	queue, err := jobs.NewQueue(address, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	return queue
}

// The same job twice is one task; the same again under its own id is another.
func TestEnqueue(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	queue := newQueue(t, address)
	due := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	job := jobs.Publish(target(due))
	require.NoError(t, queue.Enqueue(t.Context(), job))
	require.NoError(t, queue.Enqueue(t.Context(), job))
	require.NoError(t, queue.Enqueue(t.Context(), job.Again(time.Now())))

	waiting, err := inspector(t, address).ListScheduledTasks(jobs.PublishQueue)
	require.NoError(t, err)
	require.Len(t, waiting, 2)
	for _, task := range waiting {
		require.True(t, task.NextProcessAt.Before(due), "a worker takes it over before its time")
		read, err := jobs.Read[jobs.Target](asynq.NewTask(task.Type, task.Payload))
		require.NoError(t, err)
		require.Equal(t, job.Payload, read)
	}
}

// An archived task does not stand in the way of the same job under its own id.
func TestArchivedIsNoObstacle(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	queue, inspect := newQueue(t, address), inspector(t, address)
	job := jobs.SendMail(someMail())
	require.NoError(t, queue.Enqueue(t.Context(), job))
	require.NoError(t, inspect.ArchiveTask(job.Queue, job.ID))
	require.NoError(t, queue.Enqueue(t.Context(), job), "its id is taken, which is no error")
	require.NoError(t, queue.Enqueue(t.Context(), job.Again(time.Now())))
	pending, err := inspect.ListPendingTasks(jobs.MailQueue)
	require.NoError(t, err)
	require.Len(t, pending, 1)
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	queue := newQueue(t, "redis://127.0.0.1:1/0")
	for range 3 {
		require.ErrorIs(t, queue.Enqueue(t.Context(), jobs.Publish(target(time.Now()))), jobs.ErrUnavailable)
	}
	require.Error(t, queue.Ping(t.Context()))
}

// Whoever makes the mail of an event to a person makes the same one; nothing
// else has its id.
func TestMailOf(t *testing.T) {
	t.Parallel()
	m := someMail()
	require.Equal(t, m, jobs.MailOf(m.Kind, m.Person, m.Event, m.Workspace, m.Stream))
	require.NotEqual(t, m.ID, jobs.MailOf(notice.Reminder, m.Person, m.Event, m.Workspace, m.Stream).ID)
	require.NotEqual(t, m.ID, jobs.MailOf(m.Kind, eventstore.Fresh(), m.Event, m.Workspace, m.Stream).ID)
	require.NotEqual(t, m.ID, jobs.MailOf(m.Kind, m.Person, eventstore.Fresh(), m.Workspace, m.Stream).ID)
}

func someMail() jobs.Mail {
	ws := domain.WorkspaceID(eventstore.Fresh())
	return jobs.MailOf(notice.Invitation, eventstore.Fresh(), eventstore.Fresh(), ws, workspace.Stream(ws))
}

// Tasks hold ids and moments and nothing else.
func TestPayloads(t *testing.T) {
	t.Parallel()
	for want, job := range map[string]jobs.Job{
		`["account","due","post","workspace"]`:                jobs.Publish(target(time.Now())),
		`["account","attempt","deadline","post","workspace"]`: jobs.Reconcile(jobs.Claim{}),
		`["event","id","kind","person","stream","workspace"]`: jobs.SendMail(someMail()),
	} {
		written, err := json.Marshal(job.Payload)
		require.NoError(t, err)
		var fields map[string]any
		require.NoError(t, json.Unmarshal(written, &fields))
		names := make([]string, 0, len(fields))
		for name := range fields {
			names = append(names, name)
		}
		var wanted []string
		require.NoError(t, json.Unmarshal([]byte(want), &wanted))
		require.ElementsMatch(t, wanted, names)
	}
}

// What cannot be read is not tried again.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	_, err := jobs.Read[jobs.Claim](asynq.NewTask(jobs.TypeReconcile, []byte(`{"post":"ws_1"}`)))
	require.ErrorIs(t, err, asynq.SkipRetry)
}

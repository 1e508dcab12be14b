package jobs_test

import (
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/internal/redisurl"
	"behalf/internal/testkit"
	"behalf/workers/jobs"
)

func inspected(t *testing.T) (*jobs.Queue, *jobs.Inspector, *asynq.Inspector) {
	t.Helper()
	address := testkit.Redis(t)
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return newQueue(t, address), jobs.NewInspector(client), inspector(t, address)
}

// Operators see what a job is about, and neither what it failed with nor
// anything that is no id.
func TestList(t *testing.T) {
	t.Parallel()
	queue, inspect, tasks := inspected(t)
	empty, err := inspect.List(jobs.PublishQueue, jobs.Pending, 10)
	require.NoError(t, err)
	require.Empty(t, empty)
	about := target(time.Now().Add(time.Hour).UTC())
	job := jobs.Publish(about)
	require.NoError(t, queue.Enqueue(t.Context(), job))
	found, err := inspect.List(jobs.PublishQueue, jobs.Scheduled, 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, job.ID, found[0].ID)
	require.Equal(t, about.Post.String(), found[0].About["post"])
	require.Equal(t, about.Workspace.String(), found[0].About["workspace"])

	require.NoError(t, tasks.UpdateTaskPayload(jobs.PublishQueue, job.ID, []byte(`{"text":"canary","post":"post_1","account":{"token":"canary"}}`)))
	found, err = inspect.List(jobs.PublishQueue, jobs.Scheduled, 10)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"post": "post_1"}, found[0].About)
	_, err = inspect.List("other", jobs.Pending, 10)
	require.ErrorIs(t, err, jobs.ErrNoQueue)
	_, err = inspect.List(jobs.MailQueue, "completed", 10)
	require.ErrorIs(t, err, jobs.ErrNoQueue)
}

// Pausing and resuming twice is no error, and says how it stands.
func TestPause(t *testing.T) {
	t.Parallel()
	queue, inspect, _ := inspected(t)
	for range 2 {
		require.NoError(t, inspect.Pause(jobs.MailQueue), "before anything was put into it")
	}
	require.NoError(t, queue.Enqueue(t.Context(), jobs.SendMail(someMail())))
	for _, paused := range []bool{true, false} {
		for range 2 {
			if paused {
				require.NoError(t, inspect.Pause(jobs.MailQueue))
			} else {
				require.NoError(t, inspect.Resume(jobs.MailQueue))
			}
			size, err := inspect.Size(jobs.MailQueue)
			require.NoError(t, err)
			require.Equal(t, paused, size.Paused)
			require.Equal(t, 1, size.Pending)
		}
	}
	require.ErrorIs(t, inspect.Pause("other"), jobs.ErrNoQueue)
}

// One job, or all of a state, are run or dropped; a job that is not in the state
// that it was seen in is left alone.
func TestRetryAndDrop(t *testing.T) {
	t.Parallel()
	queue, inspect, tasks := inspected(t)
	none, err := inspect.Retry(jobs.MailQueue, jobs.Archived, "")
	require.NoError(t, err)
	require.Zero(t, none)
	var ids []string
	for range 3 {
		job := jobs.SendMail(someMail())
		ids = append(ids, job.ID)
		require.NoError(t, queue.Enqueue(t.Context(), job))
		require.NoError(t, tasks.ArchiveTask(jobs.MailQueue, job.ID))
	}
	_, err = inspect.Retry(jobs.MailQueue, jobs.Retrying, ids[0])
	require.ErrorIs(t, err, jobs.ErrNoJob)
	_, err = inspect.Retry(jobs.MailQueue, jobs.Archived, "no such job")
	require.ErrorIs(t, err, jobs.ErrNoJob)
	one, err := inspect.Retry(jobs.MailQueue, jobs.Archived, ids[0])
	require.NoError(t, err)
	require.Equal(t, 1, one)
	_, err = inspect.Drop(jobs.MailQueue, jobs.Archived, ids[0])
	require.ErrorIs(t, err, jobs.ErrNoJob, "it is pending now")
	dropped, err := inspect.Drop(jobs.MailQueue, jobs.Archived, ids[1])
	require.NoError(t, err)
	require.Equal(t, 1, dropped)
	dropped, err = inspect.Drop(jobs.MailQueue, jobs.Archived, "")
	require.NoError(t, err)
	require.Equal(t, 1, dropped)
	size, err := inspect.Size(jobs.MailQueue)
	require.NoError(t, err)
	require.Equal(t, 1, size.Pending)
	require.Zero(t, size.Archived)
	_, err = inspect.Drop(jobs.MailQueue, jobs.Active, "")
	require.ErrorIs(t, err, jobs.ErrNoQueue)
}

package operator

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/workers/jobs"
)

func (d *Desk) mountJobs(api huma.API) {
	const queue = "/v1/operator/queues/{queue}"
	problem.Handler(api, operation(http.MethodGet, "operator-jobs", queue+"/jobs", "The jobs of a queue.",
		"The first hundred in one state: ids and times. What a job failed with is in the log, under its id."), d.jobs)
	problem.Handler(api, operation(http.MethodPost, "operator-pause-queue", queue+"/pause", "Have the workers leave a queue alone.",
		"What is in it stays; what a worker learns of directly goes on, and so does what waits in its memory. To stop publishing, begin a quarantine."), d.pause)
	problem.Handler(api, operation(http.MethodPost, "operator-resume-queue", queue+"/resume", "Have the workers go on with a queue.",
		"What waited in it is done now."), d.resume)
	problem.Handler(api, operation(http.MethodPost, "operator-retry-jobs", queue+"/retry", "Try jobs again at once.",
		"One job, or all in a state. Doing a job again does no harm: its effect is claimed in Postgres. Refused with not_found when the job is not in that state any more, with unavailable while Redis is away."), d.retry)
	problem.Handler(api, operation(http.MethodPost, "operator-drop-jobs", queue+"/drop", "Take jobs out of a queue.",
		"One job, or all in a state. What was to be done stands in Postgres: as long as it does, the next sweep brings it again. Refused with not_found when the job is not in that state any more, with unavailable while Redis is away."), d.drop)
}

// Job is one job in Redis.
type Job struct {
	ID       string            `json:"id" doc:"Names it within its queue."`
	Type     string            `json:"type" doc:"What is to be done." example:"publish:target"`
	State    string            `json:"state" doc:"What becomes of it next." example:"retry"`
	Failed   int               `json:"failed" doc:"How often it has failed."`
	Most     int               `json:"most" doc:"How often it may."`
	FailedAt time.Time         `json:"failed_at,omitzero" doc:"When it last failed."`
	Next     time.Time         `json:"next,omitzero" doc:"When it is tried again."`
	About    map[string]string `json:"about" doc:"The ids and moments that it carries; jobs carry nothing else."`
}

type jobsInput struct {
	Queue string `path:"queue" enum:"mail,publish" doc:"The queue."`
	State string `query:"state" enum:"pending,active,scheduled,retry,archived" default:"archived" doc:"In which state; archived ones were given up."`
}

type jobsOutput struct {
	Body struct {
		Jobs []Job `json:"jobs" doc:"The first hundred."`
	} `nameHint:"JobList"`
}

const mostJobs = 100

func (d *Desk) jobs(_ context.Context, input *jobsInput) (*jobsOutput, error) {
	inspector, err := d.inspector()
	if err != nil {
		return nil, err
	}
	found, err := inspector.List(input.Queue, jobs.State(input.State), mostJobs)
	if err != nil {
		return nil, ofRedis(err)
	}
	output := &jobsOutput{}
	output.Body.Jobs = make([]Job, len(found))
	for i, one := range found {
		output.Body.Jobs[i] = Job{
			ID: one.ID, Type: one.Type, State: string(one.State), Failed: one.Failed, Most: one.Most,
			FailedAt: one.FailedAt.UTC(), Next: one.Next.UTC(), About: one.About,
		}
	}
	return output, nil
}

type queueInput struct {
	Queue string `path:"queue" enum:"mail,publish" doc:"The queue."`
}

type queueOutput struct {
	Body Jobs `nameHint:"OperatorJobs"`
}

func (d *Desk) pause(ctx context.Context, input *queueInput) (*queueOutput, error) {
	return d.turn(ctx, input.Queue, "pause", (*jobs.Inspector).Pause)
}

func (d *Desk) resume(ctx context.Context, input *queueInput) (*queueOutput, error) {
	return d.turn(ctx, input.Queue, "resume", (*jobs.Inspector).Resume)
}

func (d *Desk) turn(ctx context.Context, queue, what string, turn func(*jobs.Inspector, string) error) (*queueOutput, error) {
	inspector, err := d.inspector()
	if err != nil {
		return nil, err
	}
	if err := turn(inspector, queue); err != nil {
		return nil, ofRedis(err)
	}
	d.did(ctx, what, "queue", queue)
	size, err := inspector.Size(queue)
	if err != nil {
		return nil, ofRedis(err)
	}
	return &queueOutput{Body: jobsOf(size)}, nil
}

type retryInput struct {
	Queue string `path:"queue" enum:"mail,publish" doc:"The queue."`
	Body  struct {
		State string `json:"state" enum:"scheduled,retry,archived" doc:"In which state they are now." example:"archived"`
		Job   string `json:"job,omitempty" maxLength:"200" doc:"Which one; all in that state without it."`
	} `nameHint:"RetryJobs"`
}

type dropInput struct {
	Queue string `path:"queue" enum:"mail,publish" doc:"The queue."`
	Body  struct {
		State string `json:"state" enum:"pending,scheduled,retry,archived" doc:"In which state they are now." example:"archived"`
		Job   string `json:"job,omitempty" maxLength:"200" doc:"Which one; all in that state without it."`
	} `nameHint:"DropJobs"`
}

type changedOutput struct {
	Body struct {
		Jobs int `json:"jobs" doc:"How many it were."`
	} `nameHint:"JobsChanged"`
}

func (d *Desk) retry(ctx context.Context, input *retryInput) (*changedOutput, error) {
	return d.change(ctx, "retry", input.Queue, input.Body.State, input.Body.Job, (*jobs.Inspector).Retry)
}

func (d *Desk) drop(ctx context.Context, input *dropInput) (*changedOutput, error) {
	return d.change(ctx, "drop", input.Queue, input.Body.State, input.Body.Job, (*jobs.Inspector).Drop)
}

func (d *Desk) change(
	ctx context.Context, what, queue, state, job string, change func(*jobs.Inspector, string, jobs.State, string) (int, error),
) (*changedOutput, error) {
	inspector, err := d.inspector()
	if err != nil {
		return nil, err
	}
	changed, err := change(inspector, queue, jobs.State(state), job)
	if err != nil {
		return nil, ofRedis(err)
	}
	d.did(ctx, what, "queue", queue, "state", state, "job", job, "jobs", changed)
	output := &changedOutput{}
	output.Body.Jobs = changed
	return output, nil
}

func (d *Desk) inspector() (*jobs.Inspector, error) {
	if d.Jobs == nil {
		return nil, away()
	}
	return d.Jobs, nil
}

// ofRedis tells what is not there from Redis, which is away.
func ofRedis(err error) error {
	if errors.Is(err, jobs.ErrNoJob) || errors.Is(err, jobs.ErrNoQueue) {
		return domain.Hidden()
	}
	return away()
}

func away() error {
	return problem.New(http.StatusServiceUnavailable, "unavailable", "Redis does not answer. What was to be done stands in Postgres.").RetryAfter(5)
}

// Package jobs names what the workers do: the types of tasks in Redis, what
// they carry, and the queue that they wait in.
//
// A task carries ids and moments, never content or secrets. What it means is
// read in Postgres when it runs, where its effect is claimed too: a task that
// runs twice, late, or not at all does no harm.
package jobs

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"behalf/domain"
	"behalf/domain/notice"
)

// The queues.
const (
	MailQueue    = "mail"
	PublishQueue = "publish"
)

// The types of tasks.
const (
	TypeMail      = "mail:send"
	TypePublish   = "publish:target"
	TypeReconcile = "publish:reconcile"
	TypePreflight = "publish:preflight"
	TypeDelete    = "publish:delete"
)

const (
	// Ahead is how long before its time a target's task may be in Redis; what
	// is due later stays in Postgres alone.
	Ahead = 10 * time.Minute
	// armEarly is how long before its time a target's task runs: the worker
	// then waits for the exact moment, which asynq cuts to whole seconds.
	armEarly = 6 * time.Second
	// Before is how long before its time a target is looked over and prepared:
	// time to upload, and for a person to mend what is found.
	Before = 3 * time.Minute
	// Soonest is how long before its time that is still worth while.
	Soonest = 20 * time.Second

	armTime     = 10 * time.Second // that a worker gets to take a target over
	mailTime    = time.Minute      // for one sending, its claim included
	armRetries  = 5                // a crash counts as one; the sweeper replaces what runs out of them
	mailRetries = 20
)

// Mail is a mail to one person: about one event, or, for a digest, about those
// that were gathered for it.
type Mail struct {
	ID        uuid.UUID          `json:"id"` // see MailOf
	Kind      notice.Kind        `json:"kind"`
	Person    domain.UserID      `json:"person"`
	Event     domain.EventID     `json:"event,omitzero"`
	Workspace domain.WorkspaceID `json:"workspace,omitzero"`
	Stream    domain.Stream      `json:"stream"` // the event's; a digest's is the person's own
}

// MailOf is the mail that tells a person about an event. Its id is derived, so
// that whoever makes it makes the same one.
func MailOf(kind notice.Kind, person domain.UserID, event domain.EventID, ws domain.WorkspaceID, stream domain.Stream) Mail {
	return Mail{
		ID:   uuid.NewSHA1(uuid.UUID(event), append([]byte(kind), person[:]...)),
		Kind: kind, Person: person, Event: event, Workspace: ws, Stream: stream,
	}
}

// Target is a post's target that is due, or will be.
type Target struct {
	Workspace domain.WorkspaceID `json:"workspace"`
	Post      domain.PostID      `json:"post"`
	Account   domain.AccountID   `json:"account"`
	Due       time.Time          `json:"due"` // the earliest moment to send
}

// Claim is an attempt whose outcome is to be found out once its deadline has passed.
type Claim struct {
	Workspace domain.WorkspaceID `json:"workspace"`
	Post      domain.PostID      `json:"post"`
	Account   domain.AccountID   `json:"account"`
	Attempt   domain.AttemptID   `json:"attempt"`
	Deadline  time.Time          `json:"deadline"`
}

// Job is a task on its way into the queue.
type Job struct {
	Type    string
	Queue   string
	ID      string    // two jobs of one id are one
	At      time.Time // zero: now
	Payload any
	Retries int
	Timeout time.Duration
}

// SendMail sends a mail.
func SendMail(m Mail) Job {
	return Job{Type: TypeMail, Queue: MailQueue, ID: m.ID.String(), Payload: m, Retries: mailRetries, Timeout: mailTime}
}

// Publish hands a target to a worker shortly before it is due.
func Publish(t Target) Job {
	return Job{
		Type: TypePublish, Queue: PublishQueue, At: t.Due.Add(-armEarly), Payload: t,
		ID:      fmt.Sprintf("%s:%s:%d", t.Post, t.Account, t.Due.UnixMilli()),
		Retries: armRetries, Timeout: armTime,
	}
}

// Reconcile asks the network about an attempt once its deadline has passed.
func Reconcile(c Claim) Job {
	return Job{
		Type: TypeReconcile, Queue: PublishQueue, At: c.Deadline.Add(-armEarly), Payload: c,
		ID: c.Attempt.String(), Retries: armRetries, Timeout: armTime,
	}
}

// Preflight has a target looked over and prepared.
func Preflight(t Target) Job {
	return Job{
		Type: TypePreflight, Queue: PublishQueue, At: t.Due.Add(-Before), Payload: t,
		ID:      fmt.Sprintf("pre:%s:%s:%d", t.Post, t.Account, t.Due.UnixMilli()),
		Retries: armRetries, Timeout: armTime,
	}
}

// Delete has a published target removed from its network. Its Due is until when
// that is tried.
func Delete(t Target) Job {
	return Job{
		Type: TypeDelete, Queue: PublishQueue, Payload: t,
		ID:      fmt.Sprintf("del:%s:%s:%d", t.Post, t.Account, t.Due.UnixMilli()),
		Retries: armRetries, Timeout: armTime,
	}
}

// Near reports whether a job is for a worker's memory already.
func (j Job) Near(now time.Time) bool { return !j.At.After(now) }

// Again is the same job under an id of its own: neither an archived task nor
// one that Redis believes to be running for ever stands in its way.
func (j Job) Again(now time.Time) Job {
	j.ID += "@" + strconv.FormatInt(now.UnixMilli(), 10)
	return j
}

// task is the job as asynq takes it.
func (j Job) task() (*asynq.Task, error) {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return nil, fmt.Errorf("write job %s: %w", j.Type, err)
	}
	options := []asynq.Option{
		asynq.Queue(j.Queue), asynq.TaskID(j.ID), asynq.MaxRetry(j.Retries), asynq.Timeout(j.Timeout), asynq.Retention(0),
	}
	if !j.At.IsZero() {
		options = append(options, asynq.ProcessAt(j.At))
	}
	return asynq.NewTask(j.Type, payload, options...), nil
}

// Read returns what a task carries. A task that nobody can read is not tried again.
func Read[P Mail | Target | Claim](task *asynq.Task) (P, error) {
	var payload P
	if err := json.Unmarshal(task.Payload(), &payload); err != nil {
		return payload, fmt.Errorf("read job %s: %w: %w", task.Type(), err, asynq.SkipRetry)
	}
	return payload, nil
}

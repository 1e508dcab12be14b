package workers

import (
	"context"
	"errors"
	"time"

	"behalf/workers/jobs"
	"behalf/workers/publish"
)

// dispatcher goes around Redis while it is away: what concerns publishing waits
// for its moment in this process.
type dispatcher struct {
	queue     *jobs.Queue
	publisher *publish.Publisher
}

// Enqueue fails with jobs.ErrUnavailable only for what cannot be done without a queue.
func (d dispatcher) Enqueue(ctx context.Context, job jobs.Job) error {
	err := d.queue.Enqueue(ctx, job)
	if !errors.Is(err, jobs.ErrUnavailable) {
		return err
	}
	switch payload := job.Payload.(type) {
	case jobs.Target:
		switch job.Type {
		case jobs.TypePreflight:
			d.publisher.ArmPreflight(payload)
		case jobs.TypeDelete:
			d.publisher.ArmDelete(payload)
		default:
			d.publisher.Arm(payload)
		}
		return nil
	case jobs.Claim:
		d.publisher.ArmReconcile(payload)
		return nil
	default:
		return err
	}
}

// directly has what is due now begun by this process, which has just learned of
// it: the way through Redis takes longer than the sending. When it has much to
// do already, others share in it.
type directly struct {
	dispatcher
	now func() time.Time
}

// enough is how many targets wait in a process that takes no more directly.
const enough = 500

// Enqueue arms what is near and enqueues the rest.
func (d directly) Enqueue(ctx context.Context, job jobs.Job) error {
	target, is := job.Payload.(jobs.Target)
	if is && job.Type == jobs.TypePublish && job.Near(d.now()) && d.publisher.Waiting() < enough {
		d.publisher.Arm(target)
		d.publisher.Meter.Enqueued(job.Type, "direct")
		return nil
	}
	return d.dispatcher.Enqueue(ctx, job)
}

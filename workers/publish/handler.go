package publish

import (
	"context"

	"github.com/hibiken/asynq"

	"behalf/workers/jobs"
)

// HandleTarget takes a target over from the queue and returns at once: waiting
// for its moment costs memory, not one of asynq's slots.
func (p *Publisher) HandleTarget(_ context.Context, t *asynq.Task) error {
	target, err := jobs.Read[jobs.Target](t)
	if err == nil {
		p.Arm(target)
	}
	return err
}

// HandleClaim takes an attempt over whose outcome is to be found out.
func (p *Publisher) HandleClaim(_ context.Context, t *asynq.Task) error {
	claim, err := jobs.Read[jobs.Claim](t)
	if err == nil {
		p.ArmReconcile(claim)
	}
	return err
}

// HandlePreflight takes a target over that is to be looked over.
func (p *Publisher) HandlePreflight(_ context.Context, t *asynq.Task) error {
	target, err := jobs.Read[jobs.Target](t)
	if err == nil {
		p.ArmPreflight(target)
	}
	return err
}

// HandleDelete takes a target over that is to be removed from its network.
func (p *Publisher) HandleDelete(_ context.Context, t *asynq.Task) error {
	target, err := jobs.Read[jobs.Target](t)
	if err == nil {
		p.ArmDelete(target)
	}
	return err
}

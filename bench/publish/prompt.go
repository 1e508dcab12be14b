package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/bench/measure"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/user"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/internal/mail/capture"
)

// Rows measure what publishing costs, and how punctual it is.
func Rows() []measure.Row {
	return []measure.Row{latenessRow(), burstRow(), fairRow(), promptRow("publish", publishNow), promptRow("mail", mailNow), memoryRow(), idleRow()}
}

const (
	promptGap  = 150 * time.Millisecond // between two of them: everything is idle
	promptMost = 100
)

// promptRow takes the time from an append's answer until the job that the event
// asks for has reached the outside: its claim and its preparation come on top of
// the way through the queue. The reference is the time from enqueueing until
// running with asynq as it comes.
func promptRow(name string, do func(ctx context.Context, p *plant, on outlet) (time.Duration, error)) measure.Row {
	return measure.Row{
		Name: "event appended → job running, " + name,
		Bars: []measure.Bar{
			{Name: ", p50", Unit: "ms", Limit: 50, AtMost: true, Absolute: true},
			{Name: ", p99", Unit: "ms", Limit: 150, AtMost: true, Absolute: true},
		},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			outlets, err := p.found(ctx, promptMost)
			if err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.run(ctx); err != nil {
				return measure.Sides{}, err
			}
			_, queue, err := p.references(ctx, nil)
			if err != nil {
				return measure.Sides{}, err
			}
			most := min(promptMost, int(promptMost*bench.Each/time.Second))
			return measure.Sides{
				Pairs: 1,
				Measured: func(ctx context.Context) ([]float64, error) {
					return prompt(ctx, most, func(i int) (time.Duration, error) { return do(ctx, p, outlets[i]) })
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					return prompt(ctx, most/4, func(int) (time.Duration, error) { return queue.run(ctx) })
				},
			}, nil
		},
	}
}

func prompt(ctx context.Context, times int, do func(i int) (time.Duration, error)) ([]float64, error) {
	var took []float64
	for i := range times {
		measure.Pause(ctx, promptGap)
		one, err := do(i)
		if err != nil {
			return nil, err
		}
		took = append(took, measure.Milliseconds(one))
	}
	return []float64{measure.Percentile(took, .5), measure.Percentile(took, .99)}, ctx.Err()
}

// publishNow publishes a post, and waits for it at the network.
func publishNow(ctx context.Context, p *plant, on outlet) (time.Duration, error) {
	defer p.network.forget()
	if err := p.publish(ctx, on, time.Time{}); err != nil {
		return 0, err
	}
	return p.since(ctx, time.Now(), func(ctx context.Context) (time.Time, error) {
		arrived, err := p.network.await(ctx, 1)
		if err != nil {
			return time.Time{}, err
		}
		return arrived[on.page][0], nil
	})
}

// mailNow invites somebody, and waits for the mail.
func mailNow(ctx context.Context, p *plant, on outlet) (time.Duration, error) {
	address := on.page + "@example.com"
	_, err := p.store.Execute(ctx, eventstore.Call{
		Type: catalog.Commands()["InviteClient"], Workspace: on.team.Workspace,
		Command: &invitation.InviteClient{Email: user.Email(address), Person: eventstore.Fresh()},
		By:      domain.Actor{User: on.team.Owner, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
	})
	if err != nil {
		return 0, err
	}
	return p.since(ctx, time.Now(), func(ctx context.Context) (time.Time, error) {
		_, err := p.mails.Wait(ctx, func(m capture.Message) bool { return len(m.To) == 1 && m.To[0] == address })
		return time.Now(), err
	})
}

// jobIn is when a job is lost.
const jobIn = 30 * time.Second

func (p *plant) since(ctx context.Context, appended time.Time, reached func(context.Context) (time.Time, error)) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, jobIn, errors.New("the job does not run"))
	defer cancel()
	at, err := reached(ctx)
	if err != nil {
		return 0, fmt.Errorf("wait for a job: %w", errors.Join(err, context.Cause(ctx)))
	}
	return max(0, at.Sub(appended)), nil // the way back of the answer may take longer
}

package publish

import (
	"context"
	"time"

	"behalf/internal/networks"
	"behalf/workers/publish/pace"
)

// paced makes a call when the network takes one from here, and takes in what it
// asks for. Budgets are for what publishes; who deletes or asks has none. A call
// that ends without a word of the network, or with a panic, was not made.
func (p *Publisher) paced(ctx context.Context, whom pace.Subject, budgets []networks.Budget, call func() error) error {
	if wait := p.Pace.Wait(ctx, whom, budgets); wait > 0 {
		return rests(wait)
	}
	told := false
	defer func() {
		if !told {
			p.Pace.Left(whom)
		}
	}()
	err := call()
	if failure := networks.FailureOf(err); failure != nil || err == nil {
		p.Pace.Told(ctx, whom, failure)
		told = true
	}
	return err
}

// rests is a failure without a call: the network is to be left alone.
func rests(wait time.Duration) *networks.Failure {
	return &networks.Failure{Kind: networks.RateLimited, Code: "network_rests", RetryAfter: wait,
		Detail: "The network takes nothing more from here for a while."}
}

package call

import (
	"context"
	"time"

	"behalf/internal/networks"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// Paced makes a call when the network takes one from here, and takes in what it
// asks for. Budgets are for what publishes; who deletes or asks has none. A call
// that ends without a word of the network, or with a panic, was not made.
func (c *Calls) Paced(ctx context.Context, whom pace.Subject, budgets []networks.Budget, call func() error) error {
	if wait := c.Pace.Wait(ctx, whom, budgets); wait > 0 {
		return Rests(wait)
	}
	told := false
	defer func() {
		if !told {
			c.Pace.Left(whom)
		}
	}()
	err := call()
	if failure := networks.FailureOf(err); failure != nil || err == nil {
		c.Pace.Told(ctx, whom, failure)
		told = true
	}
	return err
}

// Rests is a failure without a call: the network is to be left alone.
func Rests(wait time.Duration) *networks.Failure {
	return &networks.Failure{Kind: networks.RateLimited, Code: "network_rests", RetryAfter: wait,
		Detail: "The network takes nothing more from here for a while."}
}

// Heeding makes a call unless the network said to wait, and takes in when it does.
// Whether its host answers is left to shorter calls, which somebody waits for.
func (c *Calls) Heeding(ctx context.Context, whom pace.Subject, call func() error) error {
	if wait := c.Pace.Held(ctx, whom); wait > 0 {
		return Rests(wait)
	}
	err := call()
	c.Pace.Heed(ctx, whom, networks.FailureOf(err))
	return err
}

// Subject is whom the network counts a call to.
func Subject(s sight.Sight, c networks.Credential, call pace.Call) pace.Subject {
	subject := pace.Subject{Network: s.Account.Network, Account: s.Account.Remote, Call: call}
	if o, is := c.OAuth2(); is {
		subject.Host = o.Host
	} else if pair, is := c.SessionPair(); is {
		subject.Host = pair.Host
	} else if app, is := c.AppPassword(); is {
		subject.Host = app.Site
	}
	return subject
}

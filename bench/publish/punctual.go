package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/bench/measure"
)

// What the lateness row does.
const (
	perSecondDue = 50
	lateAccounts = 3_000
	lateLead     = 30 * time.Second // from scheduling to the first moment: all are looked over before
)

// latenessRow takes the time from a post's moment until its request reaches
// the network. Posts are due evenly, 50 in a second. The references make the
// same calls: bare Go timers, and asynq as it comes with ProcessAt.
func latenessRow() measure.Row {
	return measure.Row{
		Name: "lateness at the network, 50 posts/s",
		Bars: []measure.Bar{
			{Name: ", p50", Unit: "ms", Limit: 10, AtMost: true, Absolute: true},
			{Name: ", p99", Unit: "ms", Limit: 60, AtMost: true, Absolute: true},
			{Name: ", early", Unit: "%", Limit: 0, AtMost: true, Absolute: true},
		},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			posts := min(lateAccounts, int(60*bench.Each/time.Second)*perSecondDue)
			outlets, err := p.found(ctx, lateAccounts)
			if err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.run(ctx); err != nil {
				return measure.Sides{}, err
			}
			bare, queue, err := p.references(ctx, outlets)
			if err != nil {
				return measure.Sides{}, err
			}
			evenly := func(lead time.Duration) func(i int) time.Time {
				begin := time.Now().Add(lead).Truncate(time.Second)
				return func(i int) time.Time { return begin.Add(time.Duration(i) * time.Second / perSecondDue) }
			}
			few := posts / 3 // of the references
			return measure.Sides{
				Pairs: 1,
				Measured: func(ctx context.Context) ([]float64, error) {
					due := evenly(lateLead)
					if err := p.schedule(ctx, outlets[:posts], due); err != nil {
						return nil, err
					}
					return p.late(ctx, outlets[:posts], due)
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					due := evenly(2 * time.Second)
					bare.atMoments(ctx, few, due)
					return p.late(ctx, outlets[:few], due)
				},
				BesideName: "stock asynq",
				Beside: func(ctx context.Context) ([]float64, error) {
					due := evenly(2 * time.Second)
					if err := queue.atMoments(ctx, few, due); err != nil {
						return nil, err
					}
					return p.late(ctx, outlets[:few], due)
				},
			}, nil
		},
	}
}

// late waits until a request has arrived for each account, and answers p50 and
// p99 of the lateness in milliseconds, and how many of a hundred came early.
func (p *plant) late(ctx context.Context, outlets []outlet, due func(i int) time.Time) ([]float64, error) {
	defer p.network.forget()
	took, early, err := p.arrivals(ctx, outlets, due)
	if err != nil {
		return nil, err
	}
	return []float64{measure.Percentile(took, .5), measure.Percentile(took, .99), early}, nil
}

// arrivals waits for one request for each account.
func (p *plant) arrivals(ctx context.Context, outlets []outlet, due func(i int) time.Time) (took []float64, early float64, err error) {
	ctx, cancel := context.WithDeadlineCause(ctx, due(len(outlets)-1).Add(time.Minute), errors.New("not everything was sent"))
	defer cancel()
	arrived, err := p.network.await(ctx, len(outlets))
	if err != nil {
		return nil, 0, fmt.Errorf("wait for %d requests: %w", len(outlets), errors.Join(err, context.Cause(ctx)))
	}
	for i, one := range outlets {
		if len(arrived[one.page]) != 1 {
			return nil, 0, fmt.Errorf("%d requests for one account", len(arrived[one.page]))
		}
		late := arrived[one.page][0].Sub(due(i))
		if late < 0 {
			early += 100 / float64(len(outlets))
		}
		took = append(took, measure.Milliseconds(late))
	}
	return took, early, nil
}

// What the burst row does.
const (
	burst      = 2_000
	burstPairs = 3
	burstLead  = 12 * time.Second
)

// burstRow has two thousand posts due in one moment, and takes the time until
// the last of them has arrived. The reference makes as many bare calls, each
// from a goroutine of its own.
func burstRow() measure.Row {
	return measure.Row{
		Name: "2,000 posts due at once, the last one",
		Bars: []measure.Bar{
			{Unit: "ms", Limit: 3, AtMost: true},
			{Name: ", early", Unit: "%", Limit: 0, AtMost: true, Absolute: true},
		},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			outlets, err := p.found(ctx, burst*burstPairs) // a minute lies between two posts of one
			if err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.run(ctx); err != nil {
				return measure.Sides{}, err
			}
			bare, _, err := p.references(ctx, outlets[:burst])
			if err != nil {
				return measure.Sides{}, err
			}
			turn := 0
			at := func(due time.Time) func(int) time.Time { return func(int) time.Time { return due } }
			last := func(ctx context.Context, outlets []outlet, due time.Time) ([]float64, error) {
				defer p.network.forget()
				took, early, err := p.arrivals(ctx, outlets, at(due))
				if err != nil {
					return nil, err
				}
				return []float64{measure.Percentile(took, 1), early}, nil
			}
			return measure.Sides{
				Pairs: burstPairs,
				Measured: func(ctx context.Context) ([]float64, error) {
					these := outlets[turn*burst : (turn+1)*burst]
					turn++
					due := time.Now().Add(burstLead)
					if err := p.schedule(ctx, these, at(due)); err != nil {
						return nil, err
					}
					return last(ctx, these, due)
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					bare.client.CloseIdleConnections() // Behalf has none open either
					due := time.Now().Add(time.Second)
					bare.together(ctx, burst, due)
					return last(ctx, outlets[:burst], due)
				},
			}, nil
		},
	}
}

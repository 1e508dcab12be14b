package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
)

// What the fairness row does.
const (
	loudPosts = 10_000
	fairPairs = 3
	fairLead  = 6 * time.Second  // from scheduling to the moment
	loudLead  = 20 * time.Second // more, to write ten thousand
)

// fairRow takes how late the only post of a workspace is while another one has ten
// thousand due in the same moment. The reference is the same with nobody else.
func fairRow() measure.Row {
	return measure.Row{
		Name: "lateness of one post beside another workspace's 10,000",
		Bars: []measure.Bar{{Unit: "ms", Limit: 1000, AtMost: true, Absolute: true}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			p, err := openPlant(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			outlets, err := p.found(ctx, 2*perWorkspace)
			if err != nil {
				return measure.Sides{}, err
			}
			if _, err := p.run(ctx); err != nil {
				return measure.Sides{}, err
			}
			loud, quiet := outlets[:perWorkspace], outlets[perWorkspace:]
			posts := min(loudPosts, int(loudPosts*bench.Each/time.Second))
			lead := fairLead + loudLead*time.Duration(posts)/loudPosts
			beside := func(ctx context.Context, due time.Time, others int) ([]float64, error) {
				defer p.network.forget()
				one := quiet[0]
				quiet = quiet[1:] // a minute lies between two posts of one
				if err := p.publish(ctx, one, due); err != nil {
					return nil, err
				}
				if err := p.scheduleLoud(ctx, loud, others, due); err != nil {
					return nil, err
				}
				late, err := p.lateness(ctx, one, due, others+1)
				return []float64{measure.Milliseconds(late)}, err
			}
			return measure.Sides{
				Pairs:    fairPairs,
				Measured: func(ctx context.Context) ([]float64, error) { return beside(ctx, time.Now().Add(lead), posts) },
				Reference: func(ctx context.Context) ([]float64, error) {
					return beside(ctx, time.Now().Add(fairLead), 0)
				},
			}, nil
		},
	}
}

// scheduleLoud has so many posts due in one moment, past the minute that lies
// between two of one account (R57).
func (p *plant) scheduleLoud(ctx context.Context, outlets []outlet, number int, due time.Time) error {
	return together(number, func(i int) error {
		on := outlets[i%len(outlets)]
		_, err := on.team.Write(ctx, p.store, post.Stream(domain.PostID(eventstore.Fresh())), 0,
			post.WrittenPlain{Workspace: on.team.Workspace, Author: on.team.Owner, Text: team.Text, Targets: []post.Place{{Account: on.id}}},
			post.Scheduled{Revision: 1, At: due.UTC()})
		return err
	})
}

// lateness waits until everything has arrived, and answers how late one was.
func (p *plant) lateness(ctx context.Context, one outlet, due time.Time, requests int) (time.Duration, error) {
	ctx, cancel := context.WithDeadlineCause(ctx, due.Add(3*time.Minute), errors.New("not everything was sent"))
	defer cancel()
	arrived, err := p.network.await(ctx, requests)
	if err != nil {
		return 0, fmt.Errorf("wait for %d requests: %w", requests, errors.Join(err, context.Cause(ctx)))
	}
	if len(arrived[one.page]) != 1 {
		return 0, fmt.Errorf("%d requests for one account", len(arrived[one.page]))
	}
	return arrived[one.page][0].Sub(due), nil
}

// Package api measures requests against the queries alone that answer them.
package api

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"behalf/api/client"
	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/post/writing"
	"behalf/eventstore"
)

// apiConnections are how many callers there are at once.
var apiConnections = []int{1, 16, 64}

// Rows measure the API over HTTP.
func Rows() []measure.Row {
	var all []measure.Row
	for _, connections := range apiConnections {
		all = append(all, readRow(connections), orderRow(connections))
	}
	return append(all, permissionRow())
}

// readRow compares a signed-in read of the members view, over HTTP, with the bare
// query. Answers are read to their end and not parsed: what callers do with them
// is on their own processors, and so are HTTP clients with all that they can do.
func readRow(connections int) measure.Row {
	return measure.Row{
		Name: fmt.Sprintf("GET members, %d connections", connections),
		Bars: []measure.Bar{
			{Name: ", p50", Unit: "µs", Limit: 2.5, AtMost: true},
			{Name: ", p99", Unit: "µs", Limit: 2.5, AtMost: true},
			{Name: ", rate", Unit: "/s", Limit: 0.4},
		},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			s, err := openSite(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			return measure.Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					all := make([]caller, connections)
					defer hangUp(all)
					return taken(ctx, connections, bench.Each, func(ctx context.Context, by int) error {
						return all[by].get(ctx, s, "/v1/workspaces/"+s.workspace.String()+"/members")
					})
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error { return bareMembers(ctx, s) })
				},
			}, nil
		},
	}
}

// orderRow compares a command over HTTP with the same one in process: one that
// writes a stream of its own, so that no caller waits for another.
func orderRow(connections int) measure.Row {
	return measure.Row{
		Name: fmt.Sprintf("POST CreateDraft, %d connections", connections),
		Bars: []measure.Bar{
			{Name: ", p50", Unit: "µs", Limit: 2, AtMost: true},
			{Name: ", p99", Unit: "µs", Limit: 2, AtMost: true},
			{Name: ", rate", Unit: "/s", Limit: 0.5},
		},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			s, err := openSite(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			return measure.Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error {
						_, err := s.CreateDraft(ctx, s.workspace.String(), client.PostCreateDraft{
							Text: team.Text, Targets: []client.PostDestination{{Account: s.account.String()}},
						}, client.CommandIn{})
						return err
					})
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error { return s.draft(ctx) })
				},
			}, nil
		},
	}
}

func (s *site) draft(ctx context.Context) error {
	cmd := &writing.CreateDraft{}
	cmd.Text, cmd.Targets = team.Text, []post.Destination{{Account: s.account}}
	_, err := s.store.Execute(ctx, eventstore.Call{
		Type: catalog.Commands()["CreateDraft"], Command: cmd, Workspace: s.workspace,
		By: domain.Actor{User: s.owner, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
	})
	return err
}

// taken has callers call do for as long as each lasts, and answers the median
// and the 99th percentile in microseconds, and the rate.
func taken(ctx context.Context, callers int, each time.Duration, do func(ctx context.Context, caller int) error) ([]float64, error) {
	var mutex sync.Mutex
	var all []float64
	var measuring atomic.Bool
	done, err := measure.Load(ctx, callers, each, func(ctx context.Context, caller int) error {
		start, counts := time.Now(), measuring.Load()
		if err := do(ctx, caller); err != nil {
			return err
		}
		if counts {
			mutex.Lock()
			all = append(all, float64(time.Since(start).Nanoseconds())/1000)
			mutex.Unlock()
		}
		return nil
	}, func() { measuring.Store(true) })
	if err != nil {
		return nil, err
	}
	return []float64{measure.Percentile(all, .5), measure.Percentile(all, .99), done}, nil
}

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"behalf/api/client"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// apiConnections are how many callers there are at once.
var apiConnections = []int{1, 16, 64}

// apiRows measure the API over HTTP.
func apiRows() []Row {
	var all []Row
	for _, connections := range apiConnections {
		all = append(all, readRow(connections), orderRow(connections))
	}
	return append(all, permissionRow())
}

// readRow compares a signed-in read of the members view, over HTTP, with the
// same query on Postgres as plainly as it can be asked: no session, no second
// factor, no row-level security, no JSON.
func readRow(connections int) Row {
	return Row{
		Name: fmt.Sprintf("GET members, %d connections", connections),
		Bars: []Bar{
			{Name: ", p50", Unit: "µs", Limit: 2.5, AtMost: true},
			{Name: ", p99", Unit: "µs", Limit: 2.5, AtMost: true},
			{Name: ", rate", Unit: "/s", Limit: 0.4},
		},
		Open: func(ctx context.Context, bench *Bench) (Sides, error) {
			s, err := openSite(ctx, bench)
			if err != nil {
				return Sides{}, err
			}
			return Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error {
						_, err := s.Members(ctx, s.workspace.String(), client.MembersIn{})
						return err
					})
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error { return s.bareMembers(ctx) })
				},
			}, nil
		},
	}
}

const sqlBareMembers = `
select
	m.user_id,
	p.name,
	p.email,
	m.role,
	m.joined_at,
	s.account_id,
	a.name,
	s.credential_mode,
	c.state
from views.members as m
left join views.people as p on p.user_id = m.user_id
left join views.assignments as s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
left join views.accounts as a on a.account_id = s.account_id
left join views.workspaces as w on w.workspace_id = m.workspace_id
left join views.connections as c on c.account_id = s.account_id and c.holder_id = w.owner_id
where m.workspace_id = $1
order by m.joined_at, m.user_id
limit 51`

func (s *site) bareMembers(ctx context.Context) error {
	found, err := s.admin.Query(ctx, sqlBareMembers, [16]byte(s.workspace))
	if err != nil {
		return err
	}
	defer found.Close()
	rows := 0
	for found.Next() {
		if _, err := found.Values(); err != nil {
			return err
		}
		rows++
	}
	if rows != colleagues+1 && found.Err() == nil {
		return fmt.Errorf("%d members", rows)
	}
	return found.Err()
}

// orderRow compares a command over HTTP with the same one in process.
func orderRow(connections int) Row {
	return Row{
		Name: fmt.Sprintf("POST SchedulePost, %d connections", connections),
		Bars: []Bar{
			{Name: ", p50", Unit: "µs", Limit: 2, AtMost: true},
			{Name: ", p99", Unit: "µs", Limit: 2, AtMost: true},
			{Name: ", rate", Unit: "/s", Limit: 0.5},
		},
		Open: func(ctx context.Context, bench *Bench) (Sides, error) {
			s, err := openSite(ctx, bench)
			if err != nil {
				return Sides{}, err
			}
			due := time.Now().Add(24 * time.Hour).UTC()
			return Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error {
						_, err := s.SchedulePost(ctx, s.workspace.String(), client.PostSchedulePost{
							Text: event.Text, At: due, Targets: []client.PostDestination{{Account: s.account.String()}},
						}, client.CommandIn{})
						return err
					})
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					return taken(ctx, connections, bench.Each, func(ctx context.Context, _ int) error { return s.schedule(ctx, due) })
				},
			}, nil
		},
	}
}

func (s *site) schedule(ctx context.Context, due time.Time) error {
	cmd := &post.SchedulePost{At: due}
	cmd.Text, cmd.Targets = event.Text, []post.Destination{{Account: s.account}}
	_, err := s.store.Execute(ctx, eventstore.Call{
		Type: catalog.Commands()["SchedulePost"], Command: cmd, Workspace: s.workspace,
		By: domain.Actor{User: s.owner, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
	})
	return err
}

// permissionRow is the decision alone: may this member publish to this account.
func permissionRow() Row {
	return Row{
		Name: "permission decision",
		Bars: []Bar{{Unit: "µs", Limit: 5, AtMost: true, Absolute: true}},
		Open: func(context.Context, *Bench) (Sides, error) {
			state, who, where := crowd()
			decide := func(context.Context) ([]float64, error) {
				const times = 100_000
				begun := time.Now()
				for range times {
					member, err := state.Admit(domain.Actor{User: who})
					if err != nil || !member.Posts(where) {
						return nil, fmt.Errorf("refused: %w", err)
					}
				}
				return []float64{float64(time.Since(begun).Nanoseconds()) / times / 1000}, nil
			}
			return Sides{Measured: decide, Reference: decide}, nil
		},
	}
}

// crowd is a workspace with a thousand members and a hundred accounts each.
func crowd() (*workspace.Workspace, domain.UserID, domain.AccountID) {
	state := &workspace.Workspace{Owner: eventstore.Fresh(), Members: map[domain.UserID]workspace.Member{}}
	var who domain.UserID
	var where domain.AccountID
	for range 1000 {
		who = eventstore.Fresh()
		member := workspace.Member{User: who, Role: workspace.Editor, Assignments: map[domain.AccountID]workspace.Assignment{}}
		for range 100 {
			where = eventstore.Fresh()
			member.Assignments[where] = workspace.Assignment{Account: where, CredentialMode: workspace.MemberMode}
		}
		state.Members[who] = member
	}
	return state, who, where
}

// taken has callers call do for as long as each lasts, and answers the median
// and the 99th percentile in microseconds, and the rate.
func taken(ctx context.Context, callers int, each time.Duration, do func(ctx context.Context, caller int) error) ([]float64, error) {
	var mutex sync.Mutex
	var all []float64
	begun := time.Now()
	done, err := rate(ctx, callers, each, func(ctx context.Context, caller int) error {
		start := time.Now()
		if err := do(ctx, caller); err != nil {
			return err
		}
		if time.Since(begun) > each/warmUp {
			mutex.Lock()
			all = append(all, float64(time.Since(start).Nanoseconds())/1000)
			mutex.Unlock()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return []float64{percentile(all, .5), percentile(all, .99), done}, nil
}

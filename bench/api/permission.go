package api

import (
	"context"
	"fmt"
	"time"

	"behalf/bench/measure"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// permissionRow is the decision alone: may this member publish to this account.
func permissionRow() measure.Row {
	return measure.Row{
		Name: "permission decision",
		Bars: []measure.Bar{{Unit: "µs", Limit: 5, AtMost: true, Absolute: true}},
		Open: func(context.Context, *measure.Bench) (measure.Sides, error) {
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
			return measure.Sides{Measured: decide, Reference: decide}, nil
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

package store

import (
	"context"

	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/eventstore"
)

// commandRow compares whole commands with bare inserts: find the states of the
// streams, decide, append what was decided if nothing has moved. The process
// knows the states, as it does of what it has decided on lately.
func commandRow() measure.Row {
	const callers = 32
	return measure.Row{
		Name: "command, 32 callers",
		Bars: []measure.Bar{{Unit: "/s", Limit: 1.2}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			w, err := openWorld(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			authors := w.authors(callers)
			return measure.Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					done, err := measure.Rate(ctx, callers, bench.Each, func(ctx context.Context, caller int) error {
						return authors[caller].command(ctx)
					})
					return []float64{done}, err
				},
				Reference: w.bare(callers, 1, bench),
			}, nil
		},
	}
}

// writePost decides on a post and on the team, whose stream is only read.
type writePost struct {
	article, team domain.Stream
	id            [16]byte // to begin with; zero for a post that there is
}

// Start implements domain.Starter.
func (w *writePost) Start(domain.Actor) {
	if w.id != [16]byte{} {
		w.article.ID = w.id
	}
}

var writePostType = domain.CommandType{
	Name: "WritePost",
	New:  func() any { return new(writePost) },
	Streams: func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
		return []domain.Stream{cmd.(*writePost).article, cmd.(*writePost).team}
	},
	Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, _ domain.Actor) ([]domain.Change, error) {
		w := cmd.(*writePost)
		if domain.Fact[*counted](facts, w.team).events == 0 {
			return nil, domain.Hidden()
		}
		return domain.On(w.article, event), nil
	},
}

func (a *author) command(ctx context.Context) error {
	a.turn(1)
	cmd := &writePost{article: a.stream, team: a.team}
	if a.version == 0 {
		cmd.id = a.stream.ID
	}
	_, err := a.world.store.Execute(ctx, eventstore.Call{
		Type: writePostType, Command: cmd, Workspace: a.team.ID, By: domain.Actor{User: team.Metadata.Actor, Fresh: eventstore.Fresh},
	})
	a.version++
	return err
}

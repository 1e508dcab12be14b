package store

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// written and read are the events of the append rows.
type (
	written struct {
		Text string `json:"text"`
	}
	read struct{}
)

func (written) EventType() string { return "post.written.v1" }
func (read) EventType() string    { return "workspace.read.v1" }

// event is as long in the log as a post is.
var event = written{Text: team.Text}

// counted is the state of both kinds of streams.
type counted struct{ events int }

func (c *counted) Evolve(domain.Event) { c.events++ }
func (c *counted) Clone() domain.State { clone := *c; return &clone }

// world is a log, and beside it a table with the same indexes for bare inserts.
type world struct {
	store *eventstore.Store
	pool  *pgxpool.Pool // of the bare inserts; both have as many connections
	teams []domain.Stream
}

const sqlBare = `
create table bare (like log.events including identity);
alter table bare add primary key (stream, version);
create unique index on bare (position);
create unique index on bare (id);
grant all on bare to public`

// teams is how many streams there are that appends only read.
const teams = 8

func openWorld(ctx context.Context, bench *measure.Bench) (*world, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := super.Exec(ctx, sqlBare); err != nil {
		return nil, err
	}
	engine, err := bench.Under(ctx, super, eventstore.RoleEngine)
	if err != nil {
		return nil, err
	}
	state := func() domain.State { return new(counted) }
	registry, err := codec.NewRegistry(
		domain.Aggregate{Category: domain.WorkspaceStreams, New: state, Events: []domain.EventType{domain.TypeOf[read]()}},
		domain.Aggregate{Category: domain.PostStreams, New: state, Events: []domain.EventType{domain.TypeOf[written]()}},
	)
	if err != nil {
		return nil, err
	}
	w := &world{store: eventstore.New(engine, registry, eventstore.Options{}), pool: super}
	bench.Cleanup(func() error { return w.store.Close(context.WithoutCancel(ctx)) })
	for range teams {
		team := domain.Stream{Category: domain.WorkspaceStreams, ID: eventstore.Fresh()}
		outcomes, err := w.store.Append(ctx, eventstore.Request{
			Expected: map[domain.Stream]int{team: 0}, Changes: domain.On(team, read{}),
		})
		if err == nil {
			err = outcomes[0].Err
		}
		if err != nil {
			return nil, err
		}
		w.teams = append(w.teams, team)
	}
	return w, nil
}

// pages is how many events a caller puts on one stream before it begins another.
const pages = 100

// author is one caller: it writes stream after stream.
type author struct {
	world   *world
	team    domain.Stream
	stream  domain.Stream
	version int
}

func (w *world) authors(number int) []*author {
	authors := make([]*author, number)
	for i := range authors {
		authors[i] = &author{world: w, team: w.teams[i%teams], version: pages}
	}
	return authors
}

// turn begins a new stream when there is no room for so many events.
func (a *author) turn(events int) {
	if a.version+events > pages {
		a.stream, a.version = domain.Stream{Category: domain.PostStreams, ID: eventstore.Fresh()}, 0
	}
}

// append writes events on one stream, having read another one.
func (a *author) append(ctx context.Context, events int) error {
	a.turn(events)
	changes := make([]domain.Change, events)
	for i := range changes {
		changes[i] = domain.Change{Stream: a.stream, Event: event}
	}
	outcomes, err := a.world.store.Append(ctx, eventstore.Request{
		Workspace: a.team.ID,
		Expected:  map[domain.Stream]int{a.stream: a.version, a.team: 1},
		Changes:   changes,
		Metadata:  team.Metadata,
	})
	if err == nil {
		err = outcomes[0].Err
	}
	a.version += events
	return err
}

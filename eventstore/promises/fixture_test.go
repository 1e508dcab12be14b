package promises

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A team whose members post, as small as it can be.
type (
	joined  struct{ Member int }
	removed struct{ Member int }
	posted  struct{ Member int }
	greeted struct{ Text string }
)

func (joined) EventType() string  { return "workspace.joined.v1" }
func (removed) EventType() string { return "workspace.removed.v1" }
func (posted) EventType() string  { return "post.posted.v1" }
func (greeted) EventType() string { return "user.greeted.v1" }

// folded is a state that remembers every event.
type folded struct{ events []domain.Event }

func (f *folded) Evolve(event domain.Event) { f.events = append(f.events, event) }

func (f *folded) Clone() domain.State {
	return &folded{events: append([]domain.Event(nil), f.events...)}
}

// has reports whether a member belongs to the team.
func (f *folded) has(member int) bool {
	found := false
	for _, event := range f.events {
		switch event := event.(type) {
		case joined:
			found = found || event.Member == member
		case removed:
			found = found && event.Member != member
		}
	}
	return found
}

func aggregates() []domain.Aggregate {
	state := func() domain.State { return new(folded) }
	return []domain.Aggregate{
		{Category: domain.WorkspaceStreams, New: state, Events: []domain.EventType{
			domain.TypeOf[joined](), domain.TypeOf[removed](),
		}},
		{Category: domain.PostStreams, New: state, Events: []domain.EventType{domain.TypeOf[posted]()}},
		{Category: domain.UserStreams, New: state, Events: []domain.EventType{domain.TypeOf[greeted]()}},
	}
}

// database is one test's own, seen by its superuser and by the two roles.
type database struct {
	super       *pgxpool.Pool
	engine, api *pgxpool.Pool
	store       *eventstore.Store // as engine
	public      *eventstore.Store // as api
}

func open(t *testing.T) database {
	t.Helper()
	super := testkit.Postgres(t)
	engine, api := under(t, super, eventstore.RoleEngine), under(t, super, eventstore.RoleAPI)
	return database{
		super:  super,
		engine: engine,
		api:    api,
		store:  over(t, engine),
		public: over(t, api),
	}
}

func under(t *testing.T, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	limited, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(pool.Config(), role))
	require.NoError(t, err)
	t.Cleanup(limited.Close)
	return limited
}

func over(t *testing.T, pool *pgxpool.Pool) *eventstore.Store {
	t.Helper()
	registry, err := codec.NewRegistry(aggregates()...)
	require.NoError(t, err)
	return eventstore.New(pool, registry, eventstore.Options{})
}

func workspace() (domain.WorkspaceID, domain.Stream) {
	id := domain.WorkspaceID(eventstore.Fresh())
	return id, domain.StreamOf(domain.WorkspaceStreams, id)
}

func post() domain.Stream {
	return domain.Stream{Category: domain.PostStreams, ID: eventstore.Fresh()}
}

func diary() domain.Stream {
	return domain.Stream{Category: domain.UserStreams, ID: eventstore.Fresh()}
}

// on is a request that writes events at the end of one stream.
func on(stream domain.Stream, version int, events ...domain.Event) eventstore.Request {
	return eventstore.Request{
		Expected: map[domain.Stream]int{stream: version},
		Changes:  domain.On(stream, events...),
	}
}

// append1 appends one request that has to stand.
func append1(t *testing.T, store *eventstore.Store, request eventstore.Request) []eventstore.Recorded {
	t.Helper()
	outcomes, err := store.Append(t.Context(), request)
	require.NoError(t, err)
	require.NoError(t, outcomes[0].Err)
	return outcomes[0].Events
}

// command is a command type that decides by a function.
func command(name string, streams []domain.Stream, decide func(domain.Facts) ([]domain.Change, error)) domain.CommandType {
	return domain.CommandType{
		Name:    name,
		New:     func() any { return new(struct{}) },
		Streams: func(any, domain.WorkspaceID, domain.Actor) []domain.Stream { return streams },
		Decide: func(_ any, _ domain.WorkspaceID, facts domain.Facts, _ domain.Actor) ([]domain.Change, error) {
			return decide(facts)
		},
	}
}

func user() domain.Actor {
	return domain.Actor{User: domain.UserID(eventstore.Fresh()), Now: time.Now().UTC(), Fresh: eventstore.Fresh}
}

package promises

import (
	"context"
	"sync"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/internal/masterkey"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// patience is how long a test waits for what has to happen.
const patience = 30 * time.Second

// database is one test's own, with a high-water leader at work.
type database struct {
	t       *testing.T
	super   *pgxpool.Pool
	store   *eventstore.Store // under the engine's role
	reader  *reading.Reader
	signals eventstore.Signals
	persons *personkeys.Keys
	version map[domain.Stream]int
}

func open(t *testing.T) *database {
	t.Helper()
	db := &database{
		t: t, super: testkit.Postgres(t, projections.Install), version: map[domain.Stream]int{},
		signals: eventstore.Signals{
			Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal(),
		},
	}
	var err error
	db.persons, err = personkeys.New(db.under(eventstore.RoleEngine), make([]byte, masterkey.Size), personkeys.Options{})
	require.NoError(t, err)
	db.store = db.process(catalog.Aggregates()...)
	db.reader = reading.New(db.under(eventstore.RoleAPI), db.store)
	db.run(db.store.Lead)
	return db
}

// process is the store of one more process, which knows these aggregates.
func (db *database) process(aggregates ...domain.Aggregate) *eventstore.Store {
	db.t.Helper()
	registry, err := codec.NewRegistry(aggregates...)
	require.NoError(db.t, err)
	return eventstore.New(db.under(eventstore.RoleEngine), registry, eventstore.Options{Signals: db.signals, Persons: db.persons})
}

func (db *database) under(role string) *pgxpool.Pool {
	db.t.Helper()
	pool, err := pgxpool.NewWithConfig(db.t.Context(), eventstore.UnderRole(db.super.Config(), role))
	require.NoError(db.t, err)
	db.t.Cleanup(pool.Close)
	return pool
}

// run runs something until the test ends, or until it is told to stop.
func (db *database) run(something func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(db.t.Context()))
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := something(ctx); err != nil {
			db.t.Error(err)
		}
	})
	stop = func() {
		cancel()
		ended.Wait()
	}
	db.t.Cleanup(stop)
	return stop
}

// engine runs an engine until the test ends, or until it is told to stop.
func (db *database) engine(store *eventstore.Store, options engine.Options) (stop func()) {
	db.t.Helper()
	options.RetryAfter, options.Watch = 10*time.Millisecond, 20*time.Millisecond
	if options.Views == nil {
		options.Views = projections.Views()
	}
	views, err := engine.New(db.under(eventstore.RoleEngine), store, options)
	require.NoError(db.t, err)
	return db.run(views.Run)
}

// happens appends changes of one workspace and answers the last one's position.
func (db *database) happens(ws domain.WorkspaceID, changes ...domain.Change) int64 {
	db.t.Helper()
	return db.happensIn(db.store, ws, changes...)
}

func (db *database) happensIn(store *eventstore.Store, ws domain.WorkspaceID, changes ...domain.Change) int64 {
	db.t.Helper()
	expected := map[domain.Stream]int{}
	for _, change := range changes {
		expected[change.Stream] = db.version[change.Stream]
	}
	outcomes, err := store.Append(db.t.Context(), eventstore.Request{Workspace: ws, Expected: expected, Changes: changes})
	require.NoError(db.t, err)
	require.NoError(db.t, outcomes[0].Err)
	for _, change := range changes {
		db.version[change.Stream]++
	}
	return outcomes[0].Events[len(changes)-1].Position
}

// reach waits until a view has handled a position.
func (db *database) reach(view projections.View, position int64) {
	db.t.Helper()
	db.reachWithin(patience, view, position)
}

func (db *database) reachWithin(limit time.Duration, view projections.View, position int64) {
	db.t.Helper()
	ctx, cancel := context.WithTimeout(db.t.Context(), limit)
	defer cancel()
	_, err := db.store.WaitForCheckpoint(ctx, view.Group(), position)
	require.NoError(db.t, err)
}

// company is a workspace with an Owner, a connected account and one post.
type company struct {
	id      domain.WorkspaceID
	owner   domain.UserID
	account domain.AccountID
}

func (db *database) founds(name string) (company, int64) {
	db.t.Helper()
	c := company{
		id: domain.WorkspaceID(eventstore.Fresh()), owner: domain.UserID(eventstore.Fresh()), account: domain.AccountID(eventstore.Fresh()),
	}
	guest := domain.UserID(eventstore.Fresh())
	db.happens(domain.WorkspaceID{}, domain.On(user.Stream(c.owner), user.Registered{
		Email: personal.New(c.owner, "owner@example.com"), Name: personal.New(c.owner, name+"'s Owner"),
	})...)
	position := db.happens(c.id, append(
		domain.On(workspace.Stream(c.id),
			workspace.Created{Name: name, Owner: c.owner},
			workspace.AccountAdded{Account: c.account, Network: "sandbox", Remote: "page", Name: name + " News", AddedBy: c.owner},
			workspace.AccountAssigned{Member: c.owner, Assignment: workspace.Assignment{Account: c.account}},
			workspace.ClientInvited{
				Invitation: domain.InvitationID(eventstore.Fresh()), Generation: 1, Person: guest,
				Email: personal.New(guest, "guest@example.com"), ExpiresAt: time.Now().Add(time.Hour),
			},
			workspace.AccountUnassigned{Member: guest, Account: c.account},
			workspace.ExportRequested{Export: domain.ExportID(eventstore.Fresh()), Until: time.Now().Add(closing.ExportPatience)}),
		domain.On(account.Stream(c.account), account.Connected{
			Workspace: c.id, Network: "sandbox", Remote: "page", Connection: domain.ConnectionID(eventstore.Fresh()), Holder: c.owner,
		})...)...)
	return c, max(position, db.posts(c, 1))
}

// talked is a post that was approved and commented on.
func (db *database) talked(c company) int64 {
	db.t.Helper()
	says := func(words string) personal.Text { return personal.Workspace(c.id).Says(words) }
	return db.happens(c.id, domain.On(post.Stream(domain.PostID(eventstore.Fresh())),
		post.Written{Workspace: c.id, Author: c.owner, Content: says(`{"text":"Hello"}`), Targets: []post.Place{{Account: c.account}}},
		post.Approved{By: c.owner, Revision: 1, Gate: post.TeamGate, Accounts: []domain.AccountID{c.account}, Author: c.owner},
		post.Commented{Comment: domain.CommentID(eventstore.Fresh()), By: c.owner, Text: says("Nice.")},
	)...)
}

// posts writes so many posts and answers the last one's position.
func (db *database) posts(c company, count int) (position int64) {
	db.t.Helper()
	for range count {
		id := domain.PostID(eventstore.Fresh())
		position = db.happens(c.id, domain.On(post.Stream(id), post.WrittenPlain{
			Workspace: c.id, Author: c.owner, Text: "Hello", Targets: []post.Place{{Account: c.account}},
		})...)
	}
	return position
}

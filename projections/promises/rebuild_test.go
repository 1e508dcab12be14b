package promises

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading"
	"behalf/projections/rebuild"
	"behalf/projections/viewtest"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// several is a history of more pages than one.
const several = 25_000

// builder is what an operator rebuilds with.
func (db *database) builder() (*pgxpool.Pool, *eventstore.Store) {
	db.t.Helper()
	pool := db.under(eventstore.RoleOwner)
	return pool, eventstore.New(pool, db.store.Registry(), eventstore.Options{Signals: db.signals})
}

func (db *database) rebuild(v projections.View, options rebuild.Options) (rebuild.Report, error) {
	db.t.Helper()
	pool, store := db.builder()
	return rebuild.Run(db.t.Context(), pool, store, v, options)
}

// same requires that a view's rows are those that the log says.
func (db *database) same(v projections.View) {
	db.t.Helper()
	pool, store := db.builder()
	_, differences, err := rebuild.Compare(db.t.Context(), pool, store, v, rebuild.Options{})
	require.NoError(db.t, err)
	require.NotEmpty(db.t, differences)
	for _, one := range differences {
		require.Positive(db.t, one.Rows, one.Table)
		require.Zero(db.t, one.Wrong, one.Table)
		require.Zero(db.t, one.Absent, one.Table)
	}
}

// While members join and views are rebuilt one after the other, nobody who
// reads sees an error, fewer rows than before, or an older position.
func TestReadersAndWritersNoticeNothingOfARebuild(t *testing.T) {
	t.Parallel()
	db := open(t)
	require.NoError(t, viewtest.Load(t.Context(), db.super, several))
	db.engine(db.store, engine.Options{})
	acme, position := db.founds("Acme")
	for _, v := range projections.Views() {
		db.reach(v, position)
	}
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	var reads atomic.Int64
	inside := eventstore.Scope{Workspace: acme.id, User: acme.owner}
	for range 3 {
		busy.Go(func() {
			var members int
			var newest int64
			for ctx.Err() == nil {
				answer, err := db.reader.Members(t.Context(), inside, acme.owner, newest, reading.MemberPage{})
				if err != nil || len(answer.Value.Members) < max(members, 1) || answer.Position < newest || !answer.Reached || answer.Parked {
					t.Errorf("%d members after %d, position %d after %d, reached %v: %v",
						len(answer.Value.Members), members, answer.Position, newest, answer.Reached, err)
					return
				}
				members, newest = len(answer.Value.Members), answer.Position
				reads.Add(1)
			}
		})
	}
	var joins int64
	busy.Go(func() {
		for ctx.Err() == nil {
			joins = db.happens(acme.id, domain.On(workspace.Stream(acme.id), joined(domain.UserID(eventstore.Fresh())))...)
		}
	})
	for range 2 {
		for _, v := range []projections.View{projections.Members, projections.People, projections.Accounts} {
			report, err := db.rebuild(v, rebuild.Options{})
			require.NoError(t, err)
			require.True(t, report.Compared)
		}
	}
	stop()
	busy.Wait()
	require.Greater(t, reads.Load(), int64(10))
	db.reach(projections.Members, joins)
	db.same(projections.Members)
}

func TestLiveAndRebuiltViewsAreTheSame(t *testing.T) {
	t.Parallel()
	db := open(t)
	require.NoError(t, viewtest.Load(t.Context(), db.super, 5_000))
	db.engine(db.store, engine.Options{})
	for _, v := range projections.Views() {
		db.reachWithin(5*patience, v, 5_000) // thousands of events, on machines that do other things as well
		db.same(v)
	}
}

// interrupted is a rebuild that ends in its middle, as one does that is killed:
// pages are transactions, and its lock ends with its connection.
func (db *database) interrupted(v projections.View, at rebuild.Stage) {
	db.t.Helper()
	pool, store := db.builder()
	ctx, kill := context.WithCancel(db.t.Context())
	_, err := rebuild.Run(ctx, pool, store, v, rebuild.Options{Progress: func(p rebuild.Progress) {
		if p.Stage == at {
			kill()
		}
	}})
	require.ErrorIs(db.t, err, context.Canceled)
}

func TestAnInterruptedRebuildGoesOn(t *testing.T) {
	t.Parallel()
	for _, at := range []rebuild.Stage{rebuild.Filling, rebuild.Finishing, rebuild.Switching} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			db := open(t)
			require.NoError(t, viewtest.Load(t.Context(), db.super, several))
			db.engine(db.store, engine.Options{Views: []projections.View{projections.Posts}})
			db.reach(projections.Posts, several)

			db.interrupted(projections.Posts, at)
			report, err := db.rebuild(projections.Posts, rebuild.Options{})
			require.NoError(t, err)
			require.True(t, report.Resumed && report.Compared)
			require.Equal(t, 2, report.Generation)
			require.Less(t, report.Events, several)
			db.same(projections.Posts)
			require.Equal(t, []string{"views_posts_2"}, db.schemas("posts"))
		})
	}
}

// schemas lists where a view has tables.
func (db *database) schemas(name string) (all []string) {
	db.t.Helper()
	err := db.super.QueryRow(db.t.Context(), `
		select array_agg(nspname::text order by nspname)
		from pg_namespace
		where nspname like 'views\_' || $1 || '\_%'`, name).Scan(&all)
	require.NoError(db.t, err)
	return all
}

func TestTwoRebuildsAtOnceAreOneTooMany(t *testing.T) {
	t.Parallel()
	db := open(t)
	require.NoError(t, viewtest.Load(t.Context(), db.super, 1_000))
	var second error
	_, err := db.rebuild(projections.Members, rebuild.Options{Progress: func(p rebuild.Progress) {
		if p.Stage == rebuild.Finishing {
			_, second = db.rebuild(projections.Members, rebuild.Options{})
		}
	}})
	require.NoError(t, err)
	require.ErrorIs(t, second, rebuild.ErrRunning)
}

func TestARebuildThatDiffersIsNotReadUnlessAccepted(t *testing.T) {
	t.Parallel()
	db := open(t)
	db.engine(db.store, engine.Options{})
	acme, position := db.founds("Acme")
	db.reach(projections.Members, position)
	stranger := domain.UserID(eventstore.Fresh())
	_, err := db.super.Exec(t.Context(), `
		insert into views.members (workspace_id, user_id, role, add_accounts, manage_posts, auditor, require_two_factor, joined_at)
		values ($1, $2, 'admin', true, true, false, false, now())`, [16]byte(acme.id), [16]byte(stranger))
	require.NoError(t, err)

	_, differences, err := rebuild.Compare(t.Context(), db.under(eventstore.RoleOwner), db.store, projections.Members, rebuild.Options{})
	require.NoError(t, err)
	require.Contains(t, differences, rebuild.Difference{Table: "members", Rows: 2, Wrong: 1})

	report, err := db.rebuild(projections.Members, rebuild.Options{})
	require.ErrorIs(t, err, rebuild.ErrDifferent)
	require.Contains(t, report.Tables, rebuild.Count{Table: "members", Before: 2, After: 1})
	require.True(t, db.isMember(acme, stranger))
	report, err = db.rebuild(projections.Members, rebuild.Options{AcceptDifference: true})
	require.NoError(t, err)
	require.True(t, report.Resumed)
	require.False(t, db.isMember(acme, stranger))
	db.same(projections.Members)
}

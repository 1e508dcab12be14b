package promises

import (
	"context"
	"sync/atomic"
	"testing"

	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading/posts"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// The way of an answer, whole: append, wait for the position, read.
func TestAQuestionThatNamesAPositionSeesWhatHappened(t *testing.T) {
	t.Parallel()
	db := open(t)
	db.engine(db.store, engine.Options{})
	acme, _ := db.founds("Acme")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for range 20 {
		position := db.posts(acme, 1)
		scope := eventstore.Scope{Workspace: acme.id, User: acme.owner}
		answer, err := posts.List(ctx, db.reader, scope, position, posts.Page{Limit: 1})
		require.NoError(t, err)
		require.True(t, answer.Reached)
		require.GreaterOrEqual(t, answer.Position, position)
		require.Equal(t, position, answer.Value[0].Position)
		require.NoError(t, personal.OpenAll(ctx, db.persons, &answer.Value))
		require.Equal(t, "Acme's Owner", answer.Value[0].AuthorName.Reveal())
	}
}

// counted is how often each post's row was really written, not how often a
// handler tried: a trigger's rows go with their transaction.
func (db *database) counted() (writes func() (rows, most int)) {
	db.t.Helper()
	_, err := db.super.Exec(db.t.Context(), `
		create table writes (post_id uuid not null);
		grant insert on writes to behalf_engine;
		create function note_write() returns trigger language plpgsql as $$
		begin
			insert into writes values (new.post_id);
			return new;
		end $$;
		create trigger note before insert or update on views_posts_1.posts for each row execute function note_write()`)
	require.NoError(db.t, err)
	return func() (rows, most int) {
		err := db.super.QueryRow(db.t.Context(), `
			select count(*), max(times)
			from (
				select count(*) as times
				from writes
				group by post_id
			) as each`).Scan(&rows, &most)
		require.NoError(db.t, err)
		return rows, most
	}
}

// ambush lets one writer, once, do its work and then wait, at the nth event of
// those whose changes are not empty.
type ambush struct {
	armed   atomic.Int64
	caught  chan pgx.Tx   // the transaction it was about to return to
	release chan struct{} // closed to let it go
}

func newAmbush(nth int64) *ambush {
	a := &ambush{caught: make(chan pgx.Tx, 1), release: make(chan struct{})}
	a.armed.Store(nth)
	return a
}

type ambushed struct {
	rows.Live
	by *ambush
}

func (a *ambush) writer(tx pgx.Tx) rows.Writer {
	return ambushed{rows.Live{Tx: tx, Schema: view.Names}, a}
}

func (w ambushed) Apply(ctx context.Context, changes []rows.Change) error {
	err := w.Live.Apply(ctx, changes)
	if len(changes) > 0 && w.by.armed.Add(-1) == 0 {
		w.by.caught <- w.Tx
		<-w.by.release
	}
	return err
}

// kill ends the connection of a transaction.
func (db *database) kill(tx pgx.Tx) {
	db.t.Helper()
	var killed bool
	err := db.super.QueryRow(db.t.Context(), "select pg_terminate_backend($1, 10000)", tx.Conn().PgConn().PID()).Scan(&killed)
	require.NoError(db.t, err)
	require.True(db.t, killed)
}

func TestKilledBetweenHandlerAndCommitAnEventCountsOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	writes := db.counted()
	acme, _ := db.founds("Acme")
	position := db.posts(acme, 9)

	trap := newAmbush(5)
	db.engine(db.store, engine.Options{Views: []projections.View{projections.Posts}, Writer: trap.writer})
	db.kill(<-trap.caught)
	close(trap.release)

	db.reach(projections.Posts, position)
	written, most := writes()
	require.Equal(t, 10, written)
	require.Equal(t, 1, most)
}

func TestAStandbyTakesOverFromOneThatDied(t *testing.T) {
	t.Parallel()
	db := open(t)
	writes := db.counted()
	acme, _ := db.founds("Acme")
	position := db.posts(acme, 9)

	// whichever of the two is the first to reach the fifth post hangs there
	trap := newAmbush(5)
	options := engine.Options{Views: []projections.View{projections.Posts}, Writer: trap.writer}
	for range 2 {
		db.engine(db.process(catalog.Aggregates()...), options)
	}
	tx := <-trap.caught
	reached, err := db.store.Checkpoint(t.Context(), projections.Posts.Group())
	require.NoError(t, err)
	require.Zero(t, reached, "nobody else goes on while it holds the view")

	db.kill(tx) // it still hangs in its handler, so what goes on is the other one
	db.reach(projections.Posts, position)
	close(trap.release)

	db.reach(projections.Posts, db.posts(acme, 10))
	written, most := writes()
	require.Equal(t, 20, written)
	require.Equal(t, 1, most)
}

func TestAnEngineThatStopsLeavesTheRestToTheNext(t *testing.T) {
	t.Parallel()
	db := open(t)
	writes := db.counted()
	acme, _ := db.founds("Acme")
	position := db.posts(acme, 9)

	trap := newAmbush(5)
	stop := db.engine(db.store, engine.Options{Writer: trap.writer})
	<-trap.caught
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		stop()
	}()
	close(trap.release)
	<-stopped

	db.engine(db.process(catalog.Aggregates()...), engine.Options{})
	db.reach(projections.Posts, position)
	written, most := writes()
	require.Equal(t, 10, written)
	require.Equal(t, 1, most)
}

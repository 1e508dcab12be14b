package promises

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
)

// holdBarrier keeps appends from going on, until the returned function is called.
func holdBarrier(t *testing.T, db database) (release func()) {
	t.Helper()
	tx, err := db.super.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `select pg_advisory_xact_lock(25192, 1)`)
	require.NoError(t, err)
	done := false
	release = func() {
		if !done {
			done = true
			require.NoError(t, tx.Rollback(context.WithoutCancel(t.Context())))
		}
	}
	t.Cleanup(release)
	return release
}

// awaitBlocked returns when so many calls wait for a lock.
func awaitBlocked(t *testing.T, db database, calls int) {
	t.Helper()
	require.Eventually(t, func() bool {
		var waiting int
		require.NoError(t, db.super.QueryRow(t.Context(), `
select count(*)
from pg_stat_activity
where wait_event_type = 'Lock'
	and datname = current_database()`).Scan(&waiting))
		return waiting >= calls
	}, time.Minute, time.Millisecond)
}

// Callers that arrive while a call is under way share the next one: their
// events carry one moment. One that conflicts does so alone.
func TestCallersShareACall(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}))
	release := holdBarrier(t, db)
	var callers errgroup.Group
	first := make(chan []eventstore.Recorded, 1)
	callers.Go(func() error {
		_, other := workspace()
		outcomes, err := db.store.Append(context.WithoutCancel(t.Context()), on(other, 0, joined{1}))
		first <- outcomes[0].Events
		return err
	})
	awaitBlocked(t, db, 1)
	const together = 20
	answers := make(chan eventstore.Outcome, together)
	for i := range together {
		callers.Go(func() error {
			article := post()
			request := eventstore.Request{
				Workspace: id, Expected: map[domain.Stream]int{article: 0, team: 1}, Changes: domain.On(article, posted{i}),
			}
			if i%5 == 0 {
				request.Expected[team] = 0
			}
			outcomes, err := db.store.Append(context.WithoutCancel(t.Context()), request)
			if err == nil {
				answers <- outcomes[0]
			}
			return err
		})
	}
	awaitBlocked(t, db, 2)
	release()
	require.NoError(t, callers.Wait())
	close(answers)
	moments, conflicts := map[time.Time]int{}, 0
	for answer := range answers {
		if answer.Err != nil {
			require.Equal(t, &eventstore.ConflictError{Stream: team, Expected: 0, Actual: 1}, answer.Err)
			conflicts++
			continue
		}
		require.Len(t, answer.Events, 1)
		moments[answer.Events[0].RecordedAt]++
	}
	require.Equal(t, together/5, conflicts)
	require.Less(t, len(moments), together-conflicts, "nobody shared a call: %v", moments)
	require.NotContains(t, moments, (<-first)[0].RecordedAt)
}

// A caller whose context ends is told what is known: the request that had not
// been begun is not stored, of the other one that is unknown; it stands, and a
// repetition with the same key says so.
func TestWhoStopsWaitingLearnsTheTruth(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", nil)
	release := holdBarrier(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	failures := make(chan error, 2)
	call := eventstore.Call{Type: join(team, 1), Workspace: id, By: by, Key: &key}
	go func() {
		_, err := db.store.Execute(ctx, call)
		failures <- err
	}()
	awaitBlocked(t, db, 1)
	queued := make(chan error, 1)
	go func() {
		_, err := db.store.Append(ctx, on(team, 0, joined{2})) // has to wait for the other one
		queued <- err
	}()
	require.Eventually(t, func() bool {
		stalls, err := db.store.Stalls(t.Context())
		require.NoError(t, err)
		return stalls.Waiting == 1 && stalls.UnderWay == 1
	}, time.Minute, time.Millisecond)
	cancel()
	err := <-queued
	require.ErrorIs(t, err, eventstore.ErrNotStored)
	require.ErrorIs(t, err, context.Canceled)
	err = <-failures
	require.ErrorIs(t, err, eventstore.ErrUnknown)
	require.NotErrorIs(t, err, eventstore.ErrNotStored)

	release()
	result, err := db.store.Execute(t.Context(), call)
	require.NoError(t, err)
	require.True(t, result.Repeated)
	events := history(t, db.store, eventstore.Scope{}, team)
	require.Len(t, events, 1)
	require.Equal(t, joined{1}, events[0].Event)
}

// A command that is sent many times at once is answered the same to all: none of
// them is decided on what another one of them has just changed.
func TestTheSameKeyAtOnceHasOneAnswer(t *testing.T) {
	t.Parallel()
	db := open(t)
	for round := range 30 {
		id, team := workspace()
		by := user()
		key := eventstore.NewCommandKey(by.User, id, "k", nil)
		answers := make(chan error, 8)
		for range cap(answers) {
			go func() {
				_, err := db.store.Execute(t.Context(), eventstore.Call{Type: join(team, 1), Workspace: id, By: by, Key: &key})
				answers <- err
			}()
		}
		for range cap(answers) {
			require.NoError(t, <-answers, "round %d", round)
		}
		require.Len(t, history(t, db.store, eventstore.Scope{}, team), 1)
	}
}

// A store that closes finishes what it has begun, and takes nothing more.
func TestAClosedStoreTakesNothing(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	release := holdBarrier(t, db)
	answered := make(chan error, 1)
	go func() {
		_, err := db.store.Append(context.WithoutCancel(t.Context()), on(team, 0, joined{1}))
		answered <- err
	}()
	awaitBlocked(t, db, 1)
	closed := make(chan error, 1)
	go func() { closed <- db.store.Close(context.WithoutCancel(t.Context())) }()
	release()
	require.NoError(t, <-closed)
	require.NoError(t, <-answered)
	_, err := db.store.Append(t.Context(), on(team, 1, joined{2}))
	require.ErrorIs(t, err, eventstore.ErrClosed)
	require.ErrorIs(t, err, eventstore.ErrNotStored)
	require.Len(t, history(t, db.store, eventstore.Scope{}, team), 1)
}

// When the connection is lost nobody can know, and a keyed command finds out by itself.
func TestALostConnectionIsUnknown(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	release := holdBarrier(t, db)
	lost := make(chan error, 1)
	go func() {
		_, err := db.store.Append(context.WithoutCancel(t.Context()), on(team, 0, joined{1}))
		lost <- err
	}()
	awaitBlocked(t, db, 1)
	terminate(t, db)
	require.ErrorIs(t, <-lost, eventstore.ErrUnknown)

	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", nil)
	answered := make(chan error, 1)
	go func() {
		_, err := db.store.Execute(context.WithoutCancel(t.Context()), eventstore.Call{Type: join(team, 2), Workspace: id, By: by, Key: &key})
		answered <- err
	}()
	awaitBlocked(t, db, 1)
	terminate(t, db)
	awaitBlocked(t, db, 1) // again, by itself
	release()
	require.NoError(t, <-answered)
	require.Len(t, history(t, db.store, eventstore.Scope{}, team), 1)
}

// terminate ends the connections that wait for a lock.
func terminate(t *testing.T, db database) {
	t.Helper()
	rows, err := db.super.Query(t.Context(), `
select pg_terminate_backend(pid)
from pg_stat_activity
where wait_event_type = 'Lock'
	and datname = current_database()`)
	require.NoError(t, err)
	ended, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	require.NoError(t, err)
	require.NotEmpty(t, ended)
}

// A request that violates a constraint, or deadlocks, or waits too long, does
// so alone: those that shared its call are written.
func TestASpoiledCallIsRepeatedOneByOne(t *testing.T) {
	t.Parallel()
	db := open(t)
	foreign, article := post(), post()
	id, _ := workspace()
	other, _ := workspace()
	for _, stream := range []domain.Stream{foreign, article} {
		append1(t, db.store, eventstore.Request{Workspace: id, Expected: map[domain.Stream]int{stream: 0}, Changes: domain.On(stream, posted{1})})
	}
	release := holdBarrier(t, db)
	var callers errgroup.Group
	callers.Go(func() error {
		_, team := workspace()
		_, err := db.store.Append(context.WithoutCancel(t.Context()), on(team, 0, joined{1}))
		return err
	})
	awaitBlocked(t, db, 1)
	outcomes := make([]eventstore.Outcome, 2)
	for i, request := range []eventstore.Request{
		{Workspace: other, Expected: map[domain.Stream]int{foreign: 1}, Changes: domain.On(foreign, posted{2})},
		{Workspace: id, Expected: map[domain.Stream]int{article: 1}, Changes: domain.On(article, posted{2})},
	} {
		callers.Go(func() error {
			answer, err := db.store.Append(context.WithoutCancel(t.Context()), request)
			if err == nil {
				outcomes[i] = answer[0]
			}
			return err
		})
	}
	release()
	require.NoError(t, callers.Wait())
	require.ErrorContains(t, outcomes[0].Err, "another workspace")
	require.NoError(t, outcomes[1].Err)
	require.Len(t, outcomes[1].Events, 1)
}

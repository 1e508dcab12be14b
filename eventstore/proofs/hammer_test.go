//go:build long

package proofs

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
)

// Sixteen writers for a minute: a quarter of them hold their transactions open
// and roll every other one back, the others append through two stores, in each
// other's way on shared streams. What is delivered to every group is what was
// committed: in the order of the streams, nothing twice, nothing missing.
func TestAMinuteOfEverything(t *testing.T) {
	t.Parallel()
	const writers, length = 16, time.Minute
	db := open(t)
	readers := over(t, under(t, db.super, eventstore.RoleEngine))
	storetest.Lead(t, readers)
	groups := []string{"one", "two", "three"}
	for _, group := range append(groups, "two") { // one with a standby
		note(t, readers, group)
	}
	stores := []*eventstore.Store{over(t, db.engine), over(t, db.engine)}
	shared := make([]domain.Stream, 3)
	for i := range shared {
		_, shared[i] = conformance.Workspace()
	}
	var told atomic.Int64 // events that a writer was told of
	end := time.Now().Add(length)
	var work errgroup.Group
	for writer := range writers {
		work.Go(func() error {
			for n := 0; time.Now().Before(end); n++ {
				var stands bool
				var err error
				if writer%4 == 0 {
					stands, err = hold(t.Context(), db, n%2 == 0)
				} else {
					stands, err = collide(t.Context(), stores[writer%2], shared)
				}
				if err != nil {
					return err
				}
				if stands {
					told.Add(1)
				}
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())
	require.Len(t, positions(t, db, `select position from log.events`), int(told.Load()))
	settle(t, db, readers, groups...)
}

// collide appends to a stream that others write too, having read another one.
func collide(ctx context.Context, store *eventstore.Store, shared []domain.Stream) (stands bool, err error) {
	stream := shared[rand.N(len(shared))]
	if rand.N(2) == 0 {
		_, stream = conformance.Workspace()
	}
	loaded, err := store.Load(ctx, eventstore.Scope{}, stream, shared[0])
	if err != nil {
		return false, err
	}
	outcomes, err := store.Append(ctx, eventstore.Request{
		Expected: loaded.Versions, Changes: domain.On(stream, conformance.Joined{Member: 1}),
	})
	if err != nil {
		return false, err
	}
	if errors.Is(outcomes[0].Err, eventstore.ErrConflict) {
		return false, nil
	}
	return outcomes[0].Err == nil, outcomes[0].Err
}

// hold appends in a transaction that stays open for a moment.
func hold(ctx context.Context, db database, stands bool) (bool, error) {
	tx, err := db.engine.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	id, team := conformance.Workspace()
	if err := appendIn(ctx, tx, id, team); err != nil {
		return false, err
	}
	time.Sleep(rand.N(30 * time.Millisecond)) // the load itself, not a wait for something
	if !stands {
		return false, nil
	}
	return true, tx.Commit(ctx)
}

// appendIn calls the function within a transaction, which Store never does.
func appendIn(ctx context.Context, tx pgx.Tx, id domain.WorkspaceID, team domain.Stream) error {
	_, err := tx.Exec(ctx, `
select *
from log.append_event($1, 0, $2, $3, $4, '{"Member":1}', '{}', null, null, null, null, null, null)`,
		team.String(), id, eventstore.Fresh(), conformance.Joined{}.EventType())
	return err
}

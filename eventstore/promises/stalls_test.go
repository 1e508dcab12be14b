package promises

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest"
)

// An insert that a trigger holds open stalls the mark, and is found: by the
// process that an operator can end. Then everything goes on.
func TestAnInsertHeldOpenIsFound(t *testing.T) {
	t.Parallel()
	db := open(t)
	storetest.Lead(t, db.store)
	_, err := db.super.Exec(t.Context(), `
create function hold() returns trigger language plpgsql as $$
begin
	perform pg_advisory_xact_lock(4711);
	return null;
end
$$;
create trigger hold
	after insert on log.events
	for each row when (new.type = 'user.greeted.v1')
	execute function hold()`)
	require.NoError(t, err)
	holder, err := db.super.Acquire(t.Context())
	require.NoError(t, err)
	defer holder.Release()
	_, err = holder.Exec(t.Context(), `select pg_advisory_lock(4711)`)
	require.NoError(t, err)
	defer func() { _, _ = holder.Exec(context.WithoutCancel(t.Context()), `select pg_advisory_unlock(4711)`) }()

	quiet, err := db.store.Stalls(t.Context())
	require.NoError(t, err)
	require.Zero(t, quiet.Oldest)
	require.Zero(t, quiet.Since)
	held := make(chan error, 1)
	go func() {
		outcomes, err := db.store.Append(context.WithoutCancel(t.Context()), on(diary(), 0, greeted{"hello"}))
		if err == nil {
			err = outcomes[0].Err
		}
		held <- err
	}()
	awaitBlocked(t, db, 1)
	events := joinMany(t, db, 3) // others are not held up
	var stalls eventstore.Stalls
	require.Eventually(t, func() bool {
		stalls, err = db.store.Stalls(t.Context())
		require.NoError(t, err)
		return stalls.Head == events[2].Position && stalls.Oldest.Age > 0 && stalls.Since > 0 && stalls.BarrierWait > 0
	}, time.Minute, time.Millisecond)
	require.Less(t, stalls.HighWater, events[0].Position)

	var ended bool
	require.NoError(t, db.super.QueryRow(t.Context(), `select pg_terminate_backend($1)`, stalls.Oldest.PID).Scan(&ended))
	require.True(t, ended)
	require.ErrorIs(t, <-held, eventstore.ErrUnknown)
	require.Eventually(t, func() bool {
		mark, err := db.store.HighWater(t.Context())
		require.NoError(t, err)
		return mark == events[2].Position
	}, time.Minute, time.Millisecond)
	require.Equal(t, 3, count(t, db, "log.events"))
}

// How far the groups are behind is told in positions and in time.
func TestLagsOfGroups(t *testing.T) {
	t.Parallel()
	db := open(t)
	events := joinMany(t, db, 4)
	_, err := db.super.Exec(t.Context(), `
insert into log.checkpoints (name, position)
values ('ahead', $1), ('behind', $2)`, events[3].Position, events[0].Position)
	require.NoError(t, err)
	_, err = db.super.Exec(t.Context(), `update log.high_water set position = $1`, events[3].Position)
	require.NoError(t, err)
	stalls, err := db.store.Stalls(t.Context())
	require.NoError(t, err)
	require.Len(t, stalls.Groups, 2)
	require.Equal(t, eventstore.GroupLag{Group: "ahead"}, stalls.Groups[0])
	require.EqualValues(t, 3, stalls.Groups[1].Positions)
	require.Positive(t, stalls.Groups[1].Age)
	require.Zero(t, stalls.Since)
}

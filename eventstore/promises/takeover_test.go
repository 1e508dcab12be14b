package promises

import (
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest"
)

// kill ends a database session from outside, as a crash of its process would.
func kill(t *testing.T, db database, pid int) {
	t.Helper()
	var killed bool
	require.NoError(t, db.super.QueryRow(t.Context(), `select pg_terminate_backend($1)`, pid).Scan(&killed))
	require.True(t, killed)
}

// A process dies after its handlers have written and before they are
// committed: what they wrote is gone with it, and is written again.
func TestDyingBetweenHandlerAndCommit(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 5)
	died := false
	read(t, db.store, "reader", func(msg *message.Message) error {
		if err := write(msg, "reader"); err != nil {
			return err
		}
		if event, _ := eventstore.EventOf(msg); event.Version == 5 && !died {
			died = true
			tx, _ := eventstore.TxOf(msg)
			kill(t, db, int(tx.Conn().PgConn().PID()))
		}
		return nil
	})
	reach(t, db.store, "reader", events[4].Position)
	require.True(t, died)
	require.Equal(t, committed(t, db), delivered(t, db, "reader"))
}

// One process of a group is at work; the other one stands by, and takes over
// when the first one's connection dies, even if it still believes to be at work.
func TestAStandbyTakesOver(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 5)

	pids, finish := make(chan int, 1), make(chan struct{})
	first := over(t, under(t, db.super, eventstore.RoleEngine))
	read(t, first, "reader", func(msg *message.Message) error {
		if err := write(msg, "reader"); err != nil {
			return err
		}
		tx, _ := eventstore.TxOf(msg)
		select {
		case pids <- int(tx.Conn().PgConn().PID()):
		default:
		}
		<-finish
		return nil
	})
	pid := receive(t, pids, "the first process at work")
	t.Cleanup(func() { // before the subscriptions are closed
		select {
		case <-finish:
		default:
			close(finish)
		}
	})

	second := over(t, under(t, db.super, eventstore.RoleEngine))
	took := make(chan struct{}, len(events))
	read(t, second, "reader", func(msg *message.Message) error {
		took <- struct{}{}
		return write(msg, "reader")
	})
	require.Empty(t, took)
	kill(t, db, pid)
	receive(t, took, "the second process at work")
	reach(t, second, "reader", events[4].Position)
	close(finish)
	require.Equal(t, committed(t, db), delivered(t, db, "reader"))
}

const leaderPID = `
select pid
from pg_locks
where locktype = 'advisory'
	and classid = 25192
	and objid = 2
	and granted
	and database = (select oid from pg_database where datname = current_database())`

func TestAnotherLeaderTakesOver(t *testing.T) {
	t.Parallel()
	db := open(t)
	for range 2 {
		storetest.Lead(t, over(t, under(t, db.super, eventstore.RoleEngine)))
	}
	read(t, db.store, "reader", func(*message.Message) error { return nil })
	reach(t, db.store, "reader", joinMany(t, db, 1)[0].Position)

	var before, after int
	require.NoError(t, db.super.QueryRow(t.Context(), leaderPID).Scan(&before))
	kill(t, db, before)
	reach(t, db.store, "reader", joinMany(t, db, 1)[0].Position)
	require.NoError(t, db.super.QueryRow(t.Context(), leaderPID).Scan(&after))
	require.NotEqual(t, before, after)
}

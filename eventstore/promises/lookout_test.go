package promises

import (
	"context"
	"strings"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest"
)

// heard receives the statements of a pool.
type heard chan string

func (h heard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	h <- query.SQL
	return ctx
}

func (heard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Readers of a process that no wake-up reaches learn all the same what there is
// to read, and while there is nothing one statement at a time asks for all of them.
func TestReadersThatNothingWakes(t *testing.T) {
	t.Parallel()
	db := open(t)
	storetest.Lead(t, db.store)
	statements := make(heard, 10_000)
	config := eventstore.UnderRole(db.super.Config(), eventstore.RoleEngine)
	config.ConnConfig.Tracer = statements
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	apart := over(t, pool) // its signals are its own
	groups := []string{"one", "two", "three", "four", "five"}
	for _, group := range groups {
		read(t, apart, group, func(*message.Message) error { return nil })
	}
	for range 2 {
		event := joinMany(t, db, 1)[0]
		for _, group := range groups {
			reach(t, db.store, group, event.Position)
		}
	}
	for len(statements) > 0 {
		<-statements
	}
	looks := 0
	for looks < 4 {
		statement := receive(t, statements, "another look")
		if strings.Contains(statement, "name = any($1)") {
			looks++
		} else {
			require.Less(t, looks, 2, "a reader asks by itself: %s", statement)
		}
	}
}

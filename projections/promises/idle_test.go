package promises

import (
	"context"
	"testing"
	"time"

	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// asked receives how many views each statement of a pool is about.
type asked chan int

func (a asked) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	if len(query.Args) > 0 {
		views, _ := query.Args[0].([]string)
		select {
		case a <- len(views):
		default: // enough is known
		}
	}
	return ctx
}

func (asked) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// An engine that has nothing to do looks at all its views in one statement.
func TestAnIdleEngineAsksOnceForAllViews(t *testing.T) {
	t.Parallel()
	db := open(t)
	statements := make(asked, 1000)
	config := eventstore.UnderRole(db.super.Config(), eventstore.RoleEngine)
	config.ConnConfig.Tracer = statements
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	views, err := engine.New(pool, db.store, engine.Options{Views: projections.Views(), Watch: time.Millisecond})
	require.NoError(t, err)
	db.run(views.Run)
	_, position := db.founds("Acme")
	for _, view := range projections.Views() {
		db.reach(view, position)
	}
	for len(statements) > 0 {
		<-statements
	}
	for range 10 {
		require.Equal(t, len(projections.Views()), <-statements)
	}
}

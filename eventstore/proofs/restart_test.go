//go:build long

package proofs

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
	"behalf/internal/devservices"
	"behalf/internal/schema"
)

// serve starts a private Postgres on a folder; a second time it finds its data.
func serve(t *testing.T, dir string) *devservices.Services {
	t.Helper()
	services, err := devservices.Start(t.Context(), devservices.Options{Dir: dir, SkipRedis: true})
	require.NoError(t, err)
	return services
}

// connect answers a migrated superuser's pool.
func connect(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	require.NoError(t, err)
	config.MaxConns = 24
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	require.NoError(t, schema.Migrate(t.Context(), pool))
	return pool
}

// Postgres is stopped and started while callers append and groups read. Each
// caller repeats its command with the same key until it is answered; each
// command has happened once, and every group is given each event once.
func TestPostgresRestartedUnderLoad(t *testing.T) {
	t.Parallel()
	const callers, restarts = 8, 4
	dir := folder(t)
	services := serve(t, dir)
	defer func() { require.NoError(t, services.Stop(context.WithoutCancel(t.Context()))) }()
	db := of(t, connect(t, services.PostgresURL))
	store, readers := over(t, db.engine), over(t, under(t, db.super, eventstore.RoleEngine))
	storetest.Lead(t, readers)
	note(t, readers, "one")
	note(t, readers, "two")

	stop := make(chan struct{})
	answered := make([]int, callers)
	unsure := make([]int, callers) // answers that did not say whether the command stands
	var work errgroup.Group
	for caller := range callers {
		work.Go(func() error {
			id, team := conformance.Workspace()
			by := conformance.Actor()
			for member := 0; ; {
				select {
				case <-stop:
					answered[caller] = member
					return nil
				default:
				}
				key := eventstore.NewCommandKey(by.User, id, fmt.Sprint(member), nil)
				_, err := store.Execute(t.Context(), eventstore.Call{Type: conformance.Join(team, member), Workspace: id, By: by, Key: &key})
				switch {
				case err == nil:
					member++
				case errors.As(err, new(*domain.Refusal)):
					return fmt.Errorf("member %d joined twice: %w", member, err)
				default:
					unsure[caller]++
					time.Sleep(10 * time.Millisecond) // the load itself, not a wait for something
				}
			}
		})
	}
	for range restarts {
		before := len(positions(t, db, `select position from log.events`))
		require.Eventually(t, func() bool {
			return len(positions(t, db, `select position from log.events`)) > before+50
		}, patience, 10*time.Millisecond, "nothing is appended")
		require.NoError(t, services.Stop(t.Context()))
		services = serve(t, dir)
		require.Eventually(t, func() bool { return db.super.Ping(t.Context()) == nil }, patience, 10*time.Millisecond)
	}
	close(stop)
	require.NoError(t, work.Wait())
	total, unsures := 0, 0
	for caller := range callers {
		total += answered[caller]
		unsures += unsure[caller]
	}
	require.Positive(t, unsures, "no caller was interrupted")
	require.Len(t, positions(t, db, `select position from log.events`), total)
	settle(t, db, readers, "one", "two")
}

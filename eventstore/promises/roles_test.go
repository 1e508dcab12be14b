package promises

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

const denied = "42501" // insufficient_privilege

func requireDenied(t *testing.T, pool *pgxpool.Pool, statement string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), statement)
	var broken *pgconn.PgError
	require.ErrorAs(t, err, &broken, statement)
	require.Equal(t, denied, broken.Code, "%s: %v", statement, err)
}

func TestTheLogIsAppendOnlyForEverybody(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}))
	for role, pool := range map[string]*pgxpool.Pool{
		"superuser": db.super,
		"owner":     under(t, db.super, eventstore.RoleOwner),
		"engine":    db.engine,
		"api":       db.api,
	} {
		t.Run(role, func(t *testing.T) {
			requireDenied(t, pool, `update log.events set type = 'x'`)
			requireDenied(t, pool, `delete from log.events`)
			requireDenied(t, pool, `truncate log.events`)
		})
	}
	_, err := db.super.Exec(t.Context(), `set session_replication_role = replica; delete from log.events`)
	require.ErrorContains(t, err, "append-only")
	require.Equal(t, 1, count(t, db, "log.events"))
}

func TestNobodyWritesPastTheFunction(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, pool := range []*pgxpool.Pool{db.engine, db.api} {
		requireDenied(t, pool, `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
values (gen_random_uuid(), 'post-00000000000000000000000000000001', 1, gen_random_uuid(), 'x', '', '', now())`)
		requireDenied(t, pool, `
insert into log.commands (id, body_hash, positions, position, answered_at)
values (gen_random_uuid(), sha256('x'), '{}', 0, now())`)
		requireDenied(t, pool, `update log.commands set position = 0`)
		requireDenied(t, pool, `delete from log.commands`)
		requireDenied(t, pool, `delete from log.checkpoints`)
		requireDenied(t, pool, `delete from log.high_water`)
		requireDenied(t, pool, `select setval('log.positions', 1)`)
		requireDenied(t, pool, `select nextval('log.positions')`)
		requireDenied(t, pool, `create table log.mine ()`)
		requireDenied(t, pool, `alter table log.events disable row level security`)
	}
	requireDenied(t, db.api, `update log.checkpoints set position = 0`)
	requireDenied(t, db.api, `update log.high_water set position = 0`)
}

// Whoever connects without one of the roles has nothing at all.
func TestAStrangerMayNotAppend(t *testing.T) {
	t.Parallel()
	db := open(t)
	stranger := fmt.Sprintf("stranger_%x", eventstore.Fresh())
	_, err := db.super.Exec(t.Context(), "create role "+stranger)
	require.NoError(t, err)
	pool := under(t, db.super, stranger)
	t.Cleanup(func() {
		pool.Close()
		_, err := db.super.Exec(context.WithoutCancel(t.Context()), "drop role "+stranger)
		require.NoError(t, err)
	})
	requireDenied(t, pool, `select log.readable('')`)
	var granted bool
	err = db.super.QueryRow(t.Context(), `
select has_function_privilege($1, p.oid, 'execute')
from pg_proc as p
where p.oid = 'log.append'::regproc`, stranger).Scan(&granted)
	require.NoError(t, err)
	require.False(t, granted)
}

func TestTheAPISeesItsScopeAlone(t *testing.T) {
	t.Parallel()
	db := open(t)
	mine, team := workspace()
	theirs, other := workspace()
	olivia, carl := user().User, user().User
	stream := domain.StreamOf(domain.UserStreams, olivia)
	append1(t, db.store, on(team, 0, joined{1}, joined{2}))
	append1(t, db.store, on(other, 0, joined{3}))
	append1(t, db.store, on(stream, 0, greeted{"hello"}))
	key := eventstore.NewCommandKey(olivia, mine, "k", nil)
	append1(t, db.store, eventstore.Request{Expected: map[domain.Stream]int{team: 2}, Command: &key})

	for _, view := range []struct {
		name             string
		scope            eventstore.Scope
		events, commands int
	}{
		{"unset", eventstore.Scope{}, 0, 0},
		{"my workspace", eventstore.Scope{Workspace: mine}, 2, 0},
		{"their workspace", eventstore.Scope{Workspace: theirs}, 1, 0},
		{"my own", eventstore.Scope{User: olivia}, 1, 1},
		{"both", eventstore.Scope{Workspace: mine, User: olivia}, 3, 1},
		{"somebody else in my workspace", eventstore.Scope{Workspace: mine, User: carl}, 2, 0},
	} {
		for table, want := range map[string]int{"events": view.events, "events_readable": view.events, "commands": view.commands} {
			require.Equal(t, want, visible(t, db.api, &view.scope, table), "%s: %s", view.name, table)
		}
	}
	// no scope at all, on connections that have had one
	require.Equal(t, 0, visible(t, db.api, nil, "events"))
	require.Equal(t, 0, visible(t, db.api, nil, "commands"))
	require.Equal(t, 4, visible(t, db.engine, nil, "events"))

	loaded, err := db.public.Load(t.Context(), eventstore.Scope{Workspace: theirs}, team, other)
	require.NoError(t, err)
	require.Equal(t, map[domain.Stream]int{team: 0, other: 1}, loaded.Versions)
	require.Empty(t, history(t, db.public, eventstore.Scope{Workspace: theirs}, team))
}

// visible counts the rows of a table of the log that a scope shows.
func visible(t *testing.T, pool *pgxpool.Pool, scope *eventstore.Scope, table string) (rows int) {
	t.Helper()
	batch := &pgx.Batch{}
	if scope != nil {
		scope.Queue(batch)
	}
	batch.Queue("select count(*) from log." + table).QueryRow(func(row pgx.Row) error { return row.Scan(&rows) })
	require.NoError(t, pool.SendBatch(t.Context(), batch).Close())
	return rows
}

// People can read the log, even where an event is not JSON.
func TestReadableEvents(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	append1(t, db.store, on(team, 0, joined{7}))
	var member int
	err := db.engine.QueryRow(t.Context(), `select data -> 'Member' from log.events_readable`).Scan(&member)
	require.NoError(t, err)
	require.Equal(t, 7, member)
	for _, broken := range []string{`\x00`, `\xff`, `\x7b`, `\x225c753030303022`} {
		var text string
		err := db.engine.QueryRow(t.Context(), `select log.readable($1::text::bytea)`, broken).Scan(&text)
		require.NoError(t, err, broken)
	}
}

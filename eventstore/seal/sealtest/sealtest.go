// Package sealtest is what tests of the seal need: a log of its own with
// events in it, a key, and a folder outside the database.
package sealtest

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/internal/testkit"
)

// Origin is the name of the log in tests.
const Origin = "test.example/log"

// World is a sealed log.
type World struct {
	Super   *pgxpool.Pool // the database's superuser
	Engine  *pgxpool.Pool
	API     *pgxpool.Pool
	Private string
	Public  string
	Known   checkpoint.Verifiers
	Folder  checkpoint.Folder
}

// Open makes a log without events, and a key.
func Open(t testing.TB, setups ...testkit.Setup) *World {
	t.Helper()
	w := &World{Super: testkit.Postgres(t, setups...), Folder: checkpoint.Folder(t.TempDir())}
	w.Engine, w.API = under(t, w.Super, eventstore.RoleEngine), under(t, w.Super, eventstore.RoleAPI)
	var err error
	w.Private, err = checkpoint.Generate(Origin)
	require.NoError(t, err)
	w.Public, w.Known = Public(t, w.Private)
	return w
}

// Public is the public part of a private key.
func Public(t testing.TB, private string) (string, checkpoint.Verifiers) {
	t.Helper()
	keys, err := checkpoint.PublicKeys(private)
	require.NoError(t, err)
	known, err := checkpoint.ParseVerifiers(keys[0])
	require.NoError(t, err)
	return keys[0], known
}

func under(t testing.TB, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	limited, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(pool.Config(), role))
	require.NoError(t, err)
	t.Cleanup(limited.Close)
	return limited
}

// Events are written past the append function: three streams of posts in one
// workspace, in turn, every tenth event in another workspace.
const sqlFill = `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	case when stream = 3 then $3::uuid else $2::uuid end,
	'post-' || md5($2::uuid::text || stream),
	coalesce(head.version, 0) + row_number() over (partition by stream order by n),
	gen_random_uuid(),
	'post.deleted.v1',
	convert_to('{"n":' || n || '}', 'UTF8'),
	'{}',
	clock_timestamp()
from (
	select n, case when n % 10 = 9 then 3 else n % 3 end as stream
	from generate_series(0, $1::int - 1) as n
) as wanted
left join lateral (
	select max(e.version) as version
	from log.events as e
	where e.stream = 'post-' || md5($2::uuid::text || wanted.stream)
) as head on true
order by n`

const sqlMoveMark = `
update log.high_water
set position = coalesce((select max(position) from log.events), 0)`

// The workspaces that Fill writes to.
var (
	Acme  = domain.WorkspaceID{0: 0x01, 15: 0x01}
	Other = domain.WorkspaceID{0: 0x01, 15: 0x02}
)

// Fill writes n events and moves the high-water mark behind them.
func (w *World) Fill(t testing.TB, n int) {
	t.Helper()
	w.Exec(t, sqlFill, n, [16]byte(Acme), [16]byte(Other))
	w.Exec(t, sqlMoveMark)
}

// Exec does something as the superuser.
func (w *World) Exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	_, err := w.Super.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// Tamper does what nobody but a superuser can: it takes the triggers away,
// acts, and puts them back.
func (w *World) Tamper(t testing.TB, statements ...string) {
	t.Helper()
	tx, err := w.Super.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(t.Context()) }()
	tables := []string{"log.events", "seal.tiles", "seal.checkpoints"}
	for _, table := range tables {
		_, err := tx.Exec(t.Context(), "alter table "+table+" disable trigger append_only")
		require.NoError(t, err)
	}
	for _, statement := range statements {
		_, err := tx.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, table := range tables {
		_, err := tx.Exec(t.Context(), "alter table "+table+" enable always trigger append_only")
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit(t.Context()))
}

// Sealer makes a sealer with the world's key and folder.
func (w *World) Sealer(t testing.TB) *seal.Sealer {
	t.Helper()
	sealer, err := seal.NewSealer(seal.Options{Pool: w.Engine, Keys: w.Private, Folder: w.Folder})
	require.NoError(t, err)
	return sealer
}

// Seal seals what there is, and returns the checkpoint that left the database.
func (w *World) Seal(t testing.TB) []byte {
	t.Helper()
	var err error
	require.Eventually(t, func() bool { // the session that sealed before is on its way out
		err = w.Sealer(t).SealOnce(t.Context())
		return !errors.Is(err, seal.ErrElsewhere)
	}, time.Minute, 5*time.Millisecond)
	require.NoError(t, err)
	signed, err := w.Folder.Latest()
	require.NoError(t, err)
	return signed
}

// Sealed fills a log and seals it in steps of these sizes.
func Sealed(t testing.TB, steps ...int) (*World, []byte) {
	t.Helper()
	w := Open(t)
	var signed []byte
	for _, step := range steps {
		w.Fill(t, step)
		signed = w.Seal(t)
	}
	return w, signed
}

//go:build long && linux

package proofs

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/signal"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
	"behalf/internal/devservices/child"
	"behalf/internal/devservices/programs"
)

// takeover is how soon another process has to do the work of one whose host is gone.
const takeover = 5 * time.Second

// The host of the leader and of the sealer loses its power: no packet of its
// connections comes any more, no goodbye, no refusal. Postgres notices, and
// others take over.
func TestAHostVanishes(t *testing.T) {
	t.Parallel()
	address := serveTCP(t, folder(t))
	db := of(t, connect(t, address))
	line := stretch(t, address)
	far := under(t, connect(t, onto(t, address, line.address())), eventstore.RoleEngine)

	signals := eventstore.Signals{Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal()}
	store := eventstore.New(db.engine, conformance.Registry(t), eventstore.Options{Signals: signals})
	t.Cleanup(func() { require.NoError(t, store.Close(context.WithoutCancel(t.Context()))) })
	key, err := checkpoint.Generate("test.example/log")
	require.NoError(t, err)
	seals := checkpoint.Folder(t.TempDir())

	storetest.Lead(t, over(t, far))
	sealFrom(t, far, key, seals, nil)
	leader, sealer := holds(t, db, "2", 0), holds(t, db, "3", 0)
	storetest.Lead(t, store)
	sealFrom(t, db.engine, key, seals, signals.HighWater)
	note(t, store, "reader")
	_, team := conformance.Workspace()
	grow(t, store, team, 0, 10)
	settle(t, db, store, "reader")

	line.vanish()
	gone := time.Now()
	grow(t, store, team, 10, 20)
	holds(t, db, "2", leader)
	led := time.Since(gone)
	holds(t, db, "3", sealer)
	sealed := time.Since(gone)
	settle(t, db, store, "reader")
	t.Logf("another process led %s, and sealed %s after the host was gone", led.Round(time.Millisecond), sealed.Round(time.Millisecond))
	require.Less(t, led, takeover)
	require.Less(t, sealed, takeover)
	require.Eventually(t, func() bool {
		latest, err := seal.NewLog(db.super).Latest(t.Context())
		return err == nil && latest.Size == 20
	}, patience, 10*time.Millisecond)
}

// holds waits until the session that holds one of the log's locks is another
// than that of before, and answers its process.
func holds(t *testing.T, db database, lock string, before int) (pid int) {
	t.Helper()
	require.Eventually(t, func() bool {
		err := db.super.QueryRow(t.Context(), `
select pid
from pg_locks
where locktype = 'advisory'
	and classid = 25192
	and objid = $1::text::oid
	and granted
	and database = (select oid from pg_database where datname = current_database())`, lock).Scan(&pid)
		return err == nil && pid != before
	}, patience, 5*time.Millisecond)
	return pid
}

func sealFrom(t *testing.T, pool *pgxpool.Pool, key string, folder checkpoint.Folder, mark signal.Signal) {
	t.Helper()
	sealer, err := seal.NewSealer(seal.Options{Pool: pool, HighWater: mark, Keys: key, Folder: folder, Every: 10 * time.Millisecond})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- sealer.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
}

// serveTCP starts a Postgres that listens on a loopback port.
func serveTCP(t *testing.T, dir string) (address string) {
	t.Helper()
	made := serve(t, dir)
	require.NoError(t, made.Stop(t.Context()))
	data := made.PostgresDir
	access, err := os.OpenFile(filepath.Join(data, "pg_hba.conf"), os.O_WRONLY|os.O_TRUNC, 0)
	require.NoError(t, err)
	_, err = access.WriteString("host all all 127.0.0.1/32 trust\n")
	require.NoError(t, err)
	require.NoError(t, access.Close())

	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(free.Addr().String())
	require.NoError(t, err)
	require.NoError(t, free.Close())
	account, err := child.ServiceAccount()
	require.NoError(t, err)
	chosen, _ := programs.ChoosePostgres(t.Context(), programs.Find(t.Context()).Postgres, 0)
	server, err := account.Spawn(child.Service{
		Name: "postgres", Program: filepath.Join(chosen.Bin, "postgres"),
		Args:   []string{"-D", data, "-c", "listen_addresses=127.0.0.1", "-c", "port=" + port, "-c", "unix_socket_directories=", "-c", "fsync=off"},
		Folder: data, Log: filepath.Join(dir, "tcp.log"), Orphan: syscall.SIGQUIT,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, server.Stop(context.WithoutCancel(t.Context()), syscall.SIGINT, syscall.SIGQUIT))
	})
	address = fmt.Sprintf("postgres://behalf@127.0.0.1:%s/behalf?sslmode=disable", port)
	require.NoError(t, server.UntilReady(t.Context(), func() error {
		pool, err := pgxpool.New(t.Context(), address)
		if err != nil {
			return err
		}
		defer pool.Close()
		return pool.Ping(t.Context())
	}))
	return address
}

// onto is a database's address with another host.
func onto(t *testing.T, address, host string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	parsed.Host = host
	return parsed.String()
}

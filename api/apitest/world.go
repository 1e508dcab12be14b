// Package apitest starts a whole Behalf for tests of the API: real Postgres,
// the engine that fills the views, the sandbox network, and a server on a
// loopback port. Tests speak to it over HTTP alone.
package apitest

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob/memblob"

	"behalf/api"
	"behalf/api/limit"
	"behalf/api/web"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/internal/archives"
	"behalf/internal/masterkey"
	"behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/personkeys"
	"behalf/internal/telemetry"
	"behalf/internal/testkit"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading"
)

// InvitationKey derives the links of invitations in tests.
var InvitationKey = [32]byte{1, 2, 3}

// EmailIndexKey hashes addresses in tests.
var EmailIndexKey = [32]byte{4, 5, 6}

// World is a running Behalf.
type World struct {
	URL     string
	Sandbox *networktest.Server
	Store   *eventstore.Store // under the engine's role
	Admin   *pgxpool.Pool     // superuser
	Logs    *Logs
	Clock   *Clock
	Persons *personkeys.Keys // as the API uses them
	Media   *media.Keeper    // as the API uses it
	Folder  string           // of the media store

	Archives *archives.Shelf // as the API uses it

	deps   api.Deps
	served atomic.Value // of http.Handler
}

// Clock is the time that the API sees: the real one, moved.
type Clock struct {
	mutex sync.Mutex
	moved time.Duration
}

// Now is the API's time.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return time.Now().Add(c.moved)
}

// Move moves it on.
func (c *Clock) Move(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.moved += by
}

// Logs keeps everything that was logged.
type Logs struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (l *Logs) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.buffer.Write(line)
}

func (l *Logs) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.buffer.String()
}

// Start runs a Behalf until the test ends. health is what /readyz checks
// besides Postgres.
func Start(t testing.TB, health ...web.Check) *World {
	t.Helper()
	w := &World{Admin: testkit.Postgres(t, projections.Install), Logs: &Logs{}, Clock: &Clock{}}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.Logs)
		}
	})
	logger := slog.New(slog.NewJSONHandler(w.Logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server := httptest.NewUnstartedServer(nil)
	w.URL = "http://" + server.Listener.Addr().String()
	connector := w.startSandbox(t)

	signals := eventstore.Signals{
		Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal(),
	}
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(t, err)
	master := bytes.Repeat([]byte{7}, masterkey.Size)
	engineKeys, err := personkeys.New(w.pool(t, eventstore.RoleEngine), master, personkeys.Options{})
	require.NoError(t, err)
	w.Store = eventstore.New(w.pool(t, eventstore.RoleEngine), registry, eventstore.Options{Signals: signals, Persons: engineKeys})
	w.run(t, w.Store.Lead)
	views, err := engine.New(w.pool(t, eventstore.RoleEngine), w.Store, engine.Options{Views: projections.Views(), Logger: logger})
	require.NoError(t, err)
	w.run(t, views.Run)

	pool := w.pool(t, eventstore.RoleAPI)
	w.Persons, err = personkeys.New(pool, master, personkeys.Options{Erased: signal.NewLocal()})
	require.NoError(t, err)
	store := eventstore.New(pool, registry, eventstore.Options{Signals: signals, Persons: w.Persons})
	keeper, err := vault.New(t.Context(), pool, master)
	require.NoError(t, err)
	w.Folder = t.TempDir()
	w.Media = w.Keeper(t, pool, media.Standard())
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	w.Archives = archives.New(bucket)
	w.deps = api.Deps{
		Pool: pool, Store: store, Views: reading.New(pool, store), Vault: keeper, Archives: w.Archives,
		Networks: networks.Registry{sandbox.Name: connector, sandbox.TokenName: w.byToken(t)}, Media: w.Media,
		Persons: w.Persons, Erase: w.erase,
		InvitationKey: InvitationKey, EmailIndexKey: EmailIndexKey,
		Policies:  &limit.Policies{}, // no limits: tests of them set their own
		PublicURL: w.URL, Now: w.Clock.Now, Logger: logger, Metrics: telemetry.NewMetrics(), Health: health,
	}
	w.Serve(t, func(*api.Deps) {})
	server.Config.Handler = http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		w.served.Load().(http.Handler).ServeHTTP(answer, r) //nolint:forcetypeassert // what Serve stores
	})
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// Keeper keeps media in the world's folder, with other limits.
func (w *World) Keeper(t testing.TB, pool *pgxpool.Pool, limits media.Limits) *media.Keeper {
	t.Helper()
	store, err := media.OpenStore(t.Context(), "file://"+w.Folder)
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return media.New(media.Options{
		Pool: pool, Store: store, Limits: limits, Key: [32]byte{7, 8, 9}, Public: w.URL, Now: w.Clock.Now,
		Logger: slog.New(slog.NewJSONHandler(w.Logs, nil)),
	})
}

// Serve puts another API in the place of the one that is served.
func (w *World) Serve(t testing.TB, change func(*api.Deps)) { w.served.Store(w.Handler(t, change)) }

// Pool is another pool under the API's role.
func (w *World) Pool(t testing.TB) *pgxpool.Pool { return w.pool(t, eventstore.RoleAPI) }

// Handler makes another API on the same Behalf, with something changed.
func (w *World) Handler(t testing.TB, change func(*api.Deps)) http.Handler {
	t.Helper()
	deps := w.deps
	change(&deps)
	handler, err := api.New(deps)
	require.NoError(t, err)
	return handler
}

func (w *World) startSandbox(t testing.TB) *sandbox.Connector {
	const client, secret = "behalf-under-test", "sandbox-client-secret"
	w.Sandbox = networktest.Start(t, network.Config{Clients: []network.Client{
		{ID: client, Secret: secret, RedirectURIs: []string{api.RedirectURI(w.URL, sandbox.Name), api.RedirectURI(w.URL, sandbox.TokenName)}},
	}})
	connector, err := sandbox.New(sandbox.Config{URL: w.Sandbox.URL, ClientID: client, ClientSecret: networks.NewSecret(secret)})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return connector
}

// byToken is the same network, where people bring tokens of theirs.
func (w *World) byToken(t testing.TB) *sandbox.Connector {
	connector, err := sandbox.New(sandbox.Config{URL: w.Sandbox.URL, ByToken: true})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return connector
}

func (w *World) erase(ctx context.Context) error {
	_, err := w.Persons.Erase(ctx)
	return err
}

func (w *World) pool(t testing.TB, role string) *pgxpool.Pool {
	config, err := eventstore.PoolConfig(testkit.PostgresURL(t, w.Admin), role)
	require.NoError(t, err)
	config.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// run runs a part in the background and stops it before its pool is closed.
func (w *World) run(t testing.TB, part func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- part(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
}

// Dial is a raw connection to the server.
func (w *World) Dial(t testing.TB) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.URL[len("http://"):])
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

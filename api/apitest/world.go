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
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/limit"
	"behalf/api/web"
	"behalf/domain/catalog"
	"behalf/eventstore"
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

	deps api.Deps
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
		Appended: eventstore.NewLocalSignal(), HighWater: eventstore.NewLocalSignal(), Checkpoint: eventstore.NewLocalSignal(),
	}
	registry, err := eventstore.NewRegistry(catalog.Aggregates()...)
	require.NoError(t, err)
	master := bytes.Repeat([]byte{7}, vault.MasterKeySize)
	engineKeys, err := personkeys.New(w.pool(t, eventstore.RoleEngine), master, personkeys.Options{})
	require.NoError(t, err)
	w.Store = eventstore.New(w.pool(t, eventstore.RoleEngine), registry, eventstore.Options{Signals: signals, Persons: engineKeys})
	w.run(t, eventstore.NewLeader(w.Store).Run)
	views, err := engine.New(w.pool(t, eventstore.RoleEngine), w.Store, engine.Options{Views: projections.Views(), Logger: logger})
	require.NoError(t, err)
	w.run(t, views.Run)

	pool := w.pool(t, eventstore.RoleAPI)
	w.Persons, err = personkeys.New(pool, master, personkeys.Options{Erased: eventstore.NewLocalSignal()})
	require.NoError(t, err)
	store := eventstore.New(pool, registry, eventstore.Options{Signals: signals, Persons: w.Persons})
	keeper, err := vault.New(t.Context(), pool, master)
	require.NoError(t, err)
	w.deps = api.Deps{
		Pool: pool, Store: store, Views: projections.NewReader(pool, store), Vault: keeper,
		Networks: networks.Registry{sandbox.Name: connector},
		Persons:  w.Persons, Erase: w.erase,
		InvitationKey: InvitationKey, EmailIndexKey: EmailIndexKey,
		Policies:  &limit.Policies{}, // no limits: tests of them set their own
		PublicURL: w.URL, Now: w.Clock.Now, Logger: logger, Metrics: telemetry.NewMetrics(), Health: health,
	}
	server.Config.Handler = w.Handler(t, func(*api.Deps) {})
	server.Start()
	t.Cleanup(server.Close)
	return w
}

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
		{ID: client, Secret: secret, RedirectURIs: []string{api.RedirectURI(w.URL)}},
	}})
	connector, err := sandbox.New(sandbox.Config{URL: w.Sandbox.URL, ClientID: client, ClientSecret: networks.NewSecret(secret)})
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

// Package workerstest is a world for tests of the workers: a real Postgres with
// the views following the log, a real Redis, the sandbox network over HTTP, and
// a mail server that keeps what it gets. Olivia owns the workspace Acme, which
// holds the page Acme News through her connection; Carl is a Client there.
package workerstest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/internal/mail"
	"behalf/internal/mail/capture"
	"behalf/internal/masterkey"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/workers"
)

// PublicURL is where the world's people would reach Behalf.
const PublicURL = "https://behalf.example"

// patience ends a test that waits for what does not come.
const patience = 60 * time.Second

// Times of the workers in tests: short, so that deadlines can be waited for.
var Times = workers.Settings{
	Claim: 2 * time.Second, Sweep: time.Second, Drain: 10 * time.Second, Concurrency: 4,
}

// World is all that the workers work with. Nothing runs but the views.
type World struct {
	testing.TB
	Ctx      context.Context
	Pool     *pgxpool.Pool // under the engine's role
	Admin    *pgxpool.Pool // whoever migrates
	Store    *eventstore.Store
	Signals  eventstore.Signals
	Persons  *personkeys.Keys
	Vault    *vault.Vault
	Networks networks.Registry
	Sandbox  *control.Client
	Inbox    *capture.Server
	Redis    string
	Key      [32]byte // of invitation links

	Workspace domain.WorkspaceID
	Account   domain.AccountID
	Olivia    domain.UserID
	Carl      domain.UserID
	sandbox   *sandbox.Connector
}

// New makes a world. Carl publishes through the connection that the mode says;
// in mode member he has none yet.
func New(t testing.TB, mode workspace.CredentialMode) *World {
	t.Helper()
	w := Empty(t)
	w.found(mode)
	return w
}

// Empty makes a world in which nobody has done anything.
func Empty(t testing.TB) *World {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	w := &World{TB: t, Ctx: ctx, Redis: testkit.Redis(t), Key: [32]byte{1, 2, 3}}
	w.openLog(testkit.Postgres(w, projections.Install))
	w.openOutside()
	w.follow()
	return w
}

func (w *World) openLog(admin *pgxpool.Pool) {
	w.Helper()
	config := eventstore.UnderRole(admin.Config(), eventstore.RoleEngine)
	config.MaxConns = 30
	pool, err := pgxpool.NewWithConfig(w.Ctx, config)
	require.NoError(w, err)
	w.Cleanup(pool.Close)
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(w, err)
	w.Signals = eventstore.Signals{
		Appended:   signal.NewLocal(),
		HighWater:  signal.NewLocal(),
		Checkpoint: signal.NewLocal(),
	}
	w.Persons, err = personkeys.New(pool, make([]byte, masterkey.Size), personkeys.Options{Erased: signal.NewLocal()})
	require.NoError(w, err)
	w.Admin, w.Pool, w.Store = admin, pool, eventstore.New(pool, registry, eventstore.Options{Signals: w.Signals, Persons: w.Persons})
	w.Vault, err = vault.New(w.Ctx, pool, make([]byte, masterkey.Size))
	require.NoError(w, err)
}

func (w *World) openOutside() {
	w.Helper()
	server := networktest.Start(w, network.Config{})
	connector, err := sandbox.New(sandbox.Config{
		URL: server.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret),
	})
	require.NoError(w, err)
	w.Cleanup(connector.Close)
	w.sandbox, w.Sandbox = connector, server.Control
	w.Networks = networks.Registry{sandbox.Name: connector}
	w.Inbox, err = capture.Start(capture.Options{})
	require.NoError(w, err)
	w.Cleanup(w.Inbox.Stop)
}

// follow runs the high-water leader and the views until the test ends.
func (w *World) follow() {
	w.Helper()
	views, err := engine.New(w.Pool, w.Store, engine.Options{Views: projections.Views()})
	require.NoError(w, err)
	w.Background(w.Store.Lead)
	w.Background(views.Run)
}

// Background runs something until the test ends, or the function that it
// returns is called, which waits for its end.
func (w *World) Background(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.Ctx))
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		ended <- run(ctx)
	}()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			w.Errorf("ended with: %v", err)
		}
	}
	w.Cleanup(stop)
	return stop
}

// Deps is what workers.New takes.
func (w *World) Deps() workers.Deps {
	w.Helper()
	sender, err := mail.New(w.Inbox.URL(), "Behalf <behalf@behalf.example>")
	require.NoError(w, err)
	return workers.Deps{
		Pool: w.Pool, Store: w.Store, Vault: w.Vault, Networks: w.Networks, Mail: sender,
		Persons: w.Persons, Erase: w.Erase, Keys: w.Persons,
		Redis: w.Redis, InvitationKey: w.Key, PublicURL: PublicURL, Logger: w.Logger(),
	}
}

// Erase makes the erasures take effect that the log holds.
func (w *World) Erase(ctx context.Context) error {
	_, err := w.Persons.Erase(ctx)
	return err
}

// Work starts workers and returns what stops them and waits for their end.
func (w *World) Work() (stop func()) {
	w.Helper()
	return w.WorkWith(w.Deps(), Times)
}

// WorkWith starts workers of another kind.
func (w *World) WorkWith(deps workers.Deps, settings workers.Settings) (stop func()) {
	w.Helper()
	crew, err := workers.New(deps, settings)
	require.NoError(w, err)
	stop = w.Background(crew.Run)
	w.subscribed()
	return stop
}

// Logger writes to the test's log.
func (w *World) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(w.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

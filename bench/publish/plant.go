// Package publish measures how punctual publishing is, with Behalf's processes
// as they run in production.
package publish

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"behalf/bench/measure"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/internal/devservices"
	"behalf/internal/mail/capture"
	"behalf/internal/masterkey"
	"behalf/internal/personkeys"
	"behalf/internal/redissignal"
	"behalf/internal/redisurl"
	"behalf/internal/vault"
	"behalf/projections"
)

// plant is Behalf as it runs in production: processes of its own over the
// bench's Postgres and a Redis, which publish to a network beside them. This
// process only writes to the log, as "behalf serve" would, and is the network.
type plant struct {
	bench   *measure.Bench
	super   *pgxpool.Pool
	engine  *pgxpool.Pool
	store   *eventstore.Store
	vault   *vault.Vault
	network *site20
	mails   *capture.Server
	redis   *devservices.Services

	program     string
	environment []string
}

func openPlant(ctx context.Context, bench *measure.Bench) (p *plant, err error) {
	p = &plant{bench: bench}
	if p.super, err = bench.Database(ctx); err != nil {
		return nil, err
	}
	if err := projections.Install(ctx, p.super); err != nil {
		return nil, err
	}
	if p.engine, err = bench.Under(ctx, p.super, eventstore.RoleEngine); err != nil {
		return nil, err
	}
	if p.redis, err = devservices.Start(ctx, devservices.Options{Throwaway: true, SkipPostgres: true}); err != nil {
		return nil, err
	}
	bench.Cleanup(func() error { return p.redis.Stop(context.WithoutCancel(ctx)) })
	if p.mails, err = capture.Start(capture.Options{}); err != nil {
		return nil, err
	}
	bench.Cleanup(func() error { p.mails.Stop(); return nil })
	if p.network, err = openNetwork(ctx, bench); err != nil {
		return nil, err
	}
	master := make([]byte, masterkey.Size)
	_, _ = rand.Read(master) // never fails, see crypto/rand
	if p.vault, err = vault.New(ctx, p.engine, master); err != nil {
		return nil, err
	}
	if err := p.openStore(ctx, master); err != nil {
		return nil, err
	}
	p.environment = append(os.Environ(),
		"DATABASE_URL="+p.super.Config().ConnString(), "REDIS_URL="+p.redis.RedisURL, "SMTP_URL="+p.mails.URL(),
		"BEHALF_KEY="+base64.StdEncoding.EncodeToString(master), "BEHALF_NETWORKS=none",
		"BEHALF_SANDBOX_URL="+p.network.url, "BEHALF_SANDBOX_CLIENT_ID="+clientID, "BEHALF_SANDBOX_CLIENT_SECRET="+clientSecret,
		"BEHALF_LOG_FORMAT=text", "BEHALF_LOG_LEVEL=error", "BEHALF_DATA="+filepath.Join(bench.Dir, "data"),
	)
	return p, p.build(ctx)
}

// openStore opens the log as a process beside the others: it wakes them over Redis.
func (p *plant) openStore(ctx context.Context, master []byte) error {
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return err
	}
	people, err := personkeys.New(p.engine, master, personkeys.Options{})
	if err != nil {
		return err
	}
	options, err := redisurl.Parse(p.redis.RedisURL)
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	p.bench.Cleanup(client.Close)
	const appended, highWater, checkpoint = "appended", "high_water", "checkpoint"
	bus := redissignal.New(client, "behalf:wake", slog.New(slog.DiscardHandler), appended, highWater, checkpoint, "erased")
	p.bench.Background(ctx, bus.Run)
	p.store = eventstore.New(p.engine, registry, eventstore.Options{Persons: people, Signals: eventstore.Signals{
		Appended: bus.Signal(appended), HighWater: bus.Signal(highWater), Checkpoint: bus.Signal(checkpoint),
	}})
	p.bench.Cleanup(func() error { return p.store.Close(context.WithoutCancel(ctx)) })
	return nil
}

// build makes the program that people run.
func (p *plant) build(ctx context.Context) error {
	p.program = filepath.Join(p.bench.Dir, "behalf")
	build := exec.CommandContext(ctx, "go", "build", "-o", p.program, "behalf/cmd/behalf")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build behalf: %w: %s", err, out)
	}
	return nil
}

// process is one of behalf's.
type process struct {
	*exec.Cmd
	stop func() error // asks it to end, and waits for that
}

// start starts one that ends with the row at the latest.
func (p *plant) start(ctx context.Context, name string, flags ...string) (*process, error) {
	one := &process{Cmd: exec.CommandContext(context.WithoutCancel(ctx), p.program, append([]string{name}, flags...)...)}
	one.Env = p.environment
	one.Stdout, one.Stderr = io.Discard, os.Stderr
	one.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := one.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- one.Wait() }()
	stopped := false
	one.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		if err := one.Process.Signal(syscall.SIGTERM); err != nil {
			return fmt.Errorf("behalf %s ended by itself: %w", name, <-ended)
		}
		return <-ended
	}
	p.bench.Cleanup(one.stop)
	return one, nil
}

// run starts what publishing takes, and waits until it is at work.
func (p *plant) run(ctx context.Context, flags ...string) (work *process, err error) {
	if _, err := p.start(ctx, "project"); err != nil {
		return nil, err
	}
	if work, err = p.start(ctx, "work", flags...); err != nil {
		return nil, err
	}
	return work, p.await(ctx, "select exists (select from log.checkpoints where name like 'policy:%')")
}

// await waits until a query answers yes.
func (p *plant) await(ctx context.Context, query string, parameters ...any) error {
	for {
		var yes bool
		if err := p.super.QueryRow(ctx, query, parameters...).Scan(&yes); err != nil || yes {
			return err
		}
		measure.Pause(ctx, 20*time.Millisecond)
	}
}

// caughtUp waits until everybody who follows the log has come to its end.
func (p *plant) caughtUp(ctx context.Context) error {
	return p.await(ctx, `
		select coalesce(min(c.position), 0) >= (select coalesce(max(position), 0) from log.events)
		from log.checkpoints as c`)
}

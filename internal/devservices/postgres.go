package devservices

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// VersionError says that the data was written by a PostgreSQL that is not here.
// The data was not touched.
type VersionError struct {
	Dir         string
	Data, Found int // major versions
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the data in %s was written by PostgreSQL %d, but only %d is installed: %s, or move the data away to start with none; nothing was changed",
		e.Dir, e.Data, e.Found, installHint(e.Data))
}

// databaseName is the private server's database, superuser too.
const databaseName = "behalf"

func (s *Services) startPostgres(ctx context.Context, options Options, h *home) error {
	data := filepath.Join(h.data, "postgres")
	installed, err := postgresFor(ctx, data, options.find(ctx).postgres)
	if err != nil {
		return err
	}
	if !endLeftovers(data, "postgres") {
		return fmt.Errorf("an earlier postgres still works in %s and does not end", data)
	}
	if err := initialize(ctx, h, installed, data); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := dropForeignPidFile(filepath.Join(data, "postmaster.pid")); err != nil {
		return err
	}

	orphaned, settings := syscall.SIGINT, durableSettings
	if options.Throwaway {
		orphaned, settings = syscall.SIGQUIT, throwawaySettings
	}
	p, err := h.spawn("postgres", data, filepath.Join(h.root, "postgres.log"), orphaned,
		filepath.Join(installed.bin, "postgres"), postgresArgs(data, h.sockets, settings)...)
	if err != nil {
		return err
	}
	s.stops = append(s.stops, func(ctx context.Context) error {
		s.log.Debug("stop private postgres")
		return p.stop(ctx, syscall.SIGINT, syscall.SIGQUIT)
	})
	s.watch(p)
	if err := p.untilReady(ctx, func() error { return makeDatabase(ctx, socketURL(h.sockets, "postgres")) }); err != nil {
		return err
	}
	s.PostgresURL, s.PostgresDir = socketURL(h.sockets, databaseName), data
	s.log.Debug("started private postgres", "version", installed.major, "data", data)
	return nil
}

// postgresFor chooses the programs: the data's version where there is data.
func postgresFor(ctx context.Context, data string, folders []string) (installation, error) {
	wanted := 0
	content, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	switch {
	case err == nil:
		if wanted, err = strconv.Atoi(strings.TrimSpace(string(content))); err != nil {
			return installation{}, fmt.Errorf("read %s/PG_VERSION: %w", data, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return installation{}, err
	}
	chosen, other := choosePostgres(ctx, folders, wanted)
	switch {
	case chosen.major != 0:
		return chosen, nil
	case wanted != 0 && other.major != 0:
		return installation{}, &VersionError{Dir: data, Data: wanted, Found: other.major}
	default:
		return installation{}, &MissingError{Install: installHint(wanted)}
	}
}

// initialize makes an empty data folder unless there is one; it appears whole
// or not at all.
func initialize(ctx context.Context, h *home, installed installation, data string) error {
	if _, err := os.Stat(data); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	unfinished := data + ".new"
	if !endLeftovers(unfinished, "initdb") || !endLeftovers(unfinished, "postgres") {
		return fmt.Errorf("an earlier initdb still works in %s and does not end", unfinished)
	}
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := h.account.folder(unfinished); err != nil {
		return err
	}
	initdb := h.command(ctx, unfinished, filepath.Join(installed.bin, "initdb"),
		"--pgdata="+unfinished, "--username="+databaseName, "--auth-local=trust", "--auth-host=reject",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out))), os.RemoveAll(unfinished))
	}
	return os.Rename(unfinished, data)
}

// dropForeignPidFile removes a postmaster.pid whose number now belongs to some
// other living process: Postgres would take that for itself and refuse. Any
// other stale file Postgres clears up with more checks than we could make.
// Called when no postgres works in the folder.
func dropForeignPidFile(path string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 || syscall.Kill(pid, 0) == nil {
		return os.Remove(path)
	}
	return nil
}

// makeDatabase fails until the server answers.
func makeDatabase(ctx context.Context, url string) error {
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	var exists bool
	err = connection.QueryRow(ctx, `
		select exists (
			select from pg_database
			where datname = $1)`, databaseName).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = connection.Exec(ctx, "create database "+databaseName)
	return err
}

func socketURL(folder, database string) string {
	address := url.URL{Scheme: "postgres", User: url.User(databaseName), Path: "/" + database}
	address.RawQuery = url.Values{"host": {folder}, "port": {"5432"}}.Encode()
	return address.String()
}

// untilReady tries until it works, the process ends or the context does.
func (p *process) untilReady(ctx context.Context, try func() error) error {
	for {
		last := try()
		if last == nil {
			return nil
		}
		select {
		case <-p.ended:
			return p.failure()
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w: %w", p.name, ctx.Err(), last)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

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

	"behalf/internal/devservices/child"
	"behalf/internal/devservices/programs"

	"github.com/jackc/pgx/v5"
)

// MissingError says that Postgres's programs are not installed, and what to do.
type MissingError struct{ Install string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("the programs of PostgreSQL %d or newer (initdb, postgres) are not installed: %s; or set DATABASE_URL to a server",
		programs.OldestMajor, e.Install)
}

// VersionError says that the data was written by a PostgreSQL that is not here.
// The data was not touched.
type VersionError struct {
	Dir         string
	Data, Found int // major versions
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the data in %s was written by PostgreSQL %d, but only %d is installed: %s, or move the data away to start with none; nothing was changed",
		e.Dir, e.Data, e.Found, programs.InstallHint(e.Data))
}

// databaseName is the private server's database, superuser too.
const databaseName = "behalf"

func (s *Services) startPostgres(ctx context.Context, options Options, h *home) error {
	data := filepath.Join(h.data, "postgres")
	installed, err := postgresFor(ctx, data, options.find(ctx).Postgres)
	if err != nil {
		return err
	}
	if !child.EndLeftovers(data, "postgres") {
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
	p, err := h.account.Spawn(child.Service{
		Name: "postgres", Program: filepath.Join(installed.Bin, "postgres"), Args: postgresArgs(data, h.sockets, settings),
		Folder: data, Log: filepath.Join(h.root, "postgres.log"), Orphan: orphaned,
	})
	if err != nil {
		return err
	}
	s.stops = append(s.stops, func(ctx context.Context) error {
		s.log.Debug("stop private postgres")
		return p.Stop(ctx, syscall.SIGINT, syscall.SIGQUIT)
	})
	s.watch(p)
	if err := p.UntilReady(ctx, func() error { return makeDatabase(ctx, socketURL(h.sockets, "postgres")) }); err != nil {
		return err
	}
	s.PostgresURL, s.PostgresDir = socketURL(h.sockets, databaseName), data
	s.log.Debug("started private postgres", "version", installed.Major, "data", data)
	return nil
}

// postgresFor chooses the programs: the data's version where there is data.
func postgresFor(ctx context.Context, data string, folders []string) (programs.Installation, error) {
	wanted := 0
	content, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	switch {
	case err == nil:
		if wanted, err = strconv.Atoi(strings.TrimSpace(string(content))); err != nil {
			return programs.Installation{}, fmt.Errorf("read %s/PG_VERSION: %w", data, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return programs.Installation{}, err
	}
	chosen, other := programs.ChoosePostgres(ctx, folders, wanted)
	switch {
	case chosen.Major != 0:
		return chosen, nil
	case wanted != 0 && other.Major != 0:
		return programs.Installation{}, &VersionError{Dir: data, Data: wanted, Found: other.Major}
	default:
		return programs.Installation{}, &MissingError{Install: programs.InstallHint(wanted)}
	}
}

// initialize makes an empty data folder unless there is one; it appears whole
// or not at all.
func initialize(ctx context.Context, h *home, installed programs.Installation, data string) error {
	if _, err := os.Stat(data); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	unfinished := data + ".new"
	if !child.EndLeftovers(unfinished, "initdb") || !child.EndLeftovers(unfinished, "postgres") {
		return fmt.Errorf("an earlier initdb still works in %s and does not end", unfinished)
	}
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := h.account.Folder(unfinished); err != nil {
		return err
	}
	initdb := h.account.Command(ctx, unfinished, filepath.Join(installed.Bin, "initdb"),
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

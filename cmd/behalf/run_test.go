package main

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/testkit"
)

// TestDemo runs the story as "make demo" does: every step asserts what it must show.
func TestDemo(t *testing.T) {
	t.Parallel()
	variables := variablesFor(t)
	var out, problems safeBuffer
	code := run(t.Context(), []string{"demo"}, environment{lookup: among(variables), out: &out, err: &problems})
	require.Zero(t, code, problems.String())
	for _, shown := range []string{
		"used the token of olivia", "needs_reauthentication, mode member", "to Olivia: none",
		"403 R37", "used the token of carl", "credential mode changed", "every step showed what it must",
	} {
		require.Contains(t, out.String(), shown)
	}
}

// TestSettingsRefused: one line that names the setting, exit code 2.
func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	whole := map[string]string{
		"DATABASE_URL": "postgres://localhost/behalf", "REDIS_URL": "redis://localhost:6379",
		"BEHALF_KEY": strings.Repeat("00", 32), "SMTP_URL": "smtp://localhost:25",
	}
	for name, test := range map[string]struct {
		args    []string
		without string
		with    [2]string
		named   string
	}{
		"no database":     {args: []string{"serve"}, without: "DATABASE_URL", named: "DATABASE_URL"},
		"no Redis":        {args: []string{"project"}, without: "REDIS_URL", named: "REDIS_URL"},
		"no mail server":  {args: []string{"work"}, without: "SMTP_URL", named: "SMTP_URL"},
		"no key":          {args: []string{"serve"}, without: "BEHALF_KEY", named: "BEHALF_KEY"},
		"malformed key":   {args: []string{"serve"}, with: [2]string{"BEHALF_KEY", "hunter2-is-no-key"}, named: "BEHALF_KEY"},
		"malformed Redis": {args: []string{"work"}, with: [2]string{"REDIS_URL", "ftp://:hunter2@x"}, named: "REDIS_URL"},
		"short claim":     {args: []string{"work", "--claim=1s"}, named: "BEHALF_CLAIM"},
		"wrong moment":    {args: []string{"audit", "show", "--workspace=ws_" + strings.Repeat("1", 32), "--as-of=yesterday"}, named: "--as-of"},
		"wrong workspace": {args: []string{"audit", "log", "--workspace=acme"}, named: "--workspace"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]string{}
			for key, value := range whole {
				if key != test.without {
					variables[key] = value
				}
			}
			if test.with[0] != "" {
				variables[test.with[0]] = test.with[1]
			}
			var out, problems safeBuffer
			code := run(t.Context(), append(test.args, "--data="+t.TempDir()), environment{lookup: among(variables), out: &out, err: &problems})
			require.Equal(t, 2, code)
			said := strings.TrimSpace(problems.String())
			require.Contains(t, said, test.named)
			require.NotContains(t, said, "\n", "one line")
			require.NotContains(t, said, "hunter2", "no value of a secret")
		})
	}
}

// TestTakenPort names the flag that chooses another one.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	var out, problems safeBuffer
	code := run(t.Context(), []string{
		"dev", "--listen=" + taken.Addr().String(), "--data=" + filepath.Join(t.TempDir(), "data"),
	}, environment{lookup: among(variablesFor(t)), out: &out, err: &problems})
	require.Equal(t, 1, code)
	require.Contains(t, problems.String(), taken.Addr().String()+" is taken by another program; choose another address with --listen")
}

// TestMigrateTwice: a second time there is nothing left to do.
func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyPostgres(t)
	variables := map[string]string{"DATABASE_URL": testkit.PostgresURL(t, database)}
	for range 2 {
		var out, problems safeBuffer
		code := run(context.Background(), []string{"migrate"}, environment{lookup: among(variables), out: &out, err: &problems})
		require.Zero(t, code, problems.String())
	}
	var views int
	require.NoError(t, database.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname = 'views'").Scan(&views))
	require.Positive(t, views)
}

// among looks settings up in a map.
func among(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	}
}

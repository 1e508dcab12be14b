package program_test

import (
	"cmp"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/internal/testkit"
)

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
			var out, problems sitetest.Buffer
			code := program.Run(t.Context(), append(test.args, "--data="+t.TempDir()), process.Environment{Lookup: sitetest.Among(variables), Out: &out, Err: &problems})
			require.Equal(t, 2, code)
			said := strings.TrimSpace(problems.String())
			require.Contains(t, said, test.named)
			require.NotContains(t, said, "\n", "one line")
			require.NotContains(t, said, "hunter2", "no value of a secret")
		})
	}
}

// TestMigrateTwice: a second time there is nothing left to do.
func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyPostgres(t)
	variables := map[string]string{"DATABASE_URL": testkit.PostgresURL(t, database)}
	for range 2 {
		var out, problems sitetest.Buffer
		code := program.Run(context.Background(), []string{"migrate"}, process.Environment{Lookup: sitetest.Among(variables), Out: &out, Err: &problems})
		require.Zero(t, code, problems.String())
	}
	var views int
	require.NoError(t, database.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname = 'views'").Scan(&views))
	require.Positive(t, views)
}

// What is typed wrongly is refused in words that say what is right, and what the
// program was about to do is not told.
func TestWhatIsTypedWrongly(t *testing.T) {
	t.Parallel()
	workspace := "--workspace=ws_" + strings.Repeat("1", 32)
	day := "a time is like 2026-12-01T08:30:00Z (RFC 3339), or like 2026-12-01 for the start of that day, UTC"
	stopped := `no "behalf dev" runs on the data folder`
	away := map[string]string{"DATABASE_URL": "postgres://olivia:hunter2@127.0.0.1:1/behalf"}
	for name, test := range map[string]struct {
		args  []string
		with  map[string]string
		told  string
		code  int
		never string
	}{
		"nothing":             {told: "(see behalf --help)"},
		"half a command":      {args: []string{"audit"}, told: "(see behalf audit --help)"},
		"a flag too few":      {args: []string{"audit", "show"}, told: "missing flags: --workspace=ws_… (see behalf audit show --help)"},
		"a time":              {args: []string{"audit", "log", workspace, "--since=yesterday"}, told: day},
		"a time of an image":  {args: []string{"quarantine", "begin", "--since=Sunday"}, told: day},
		"a day":               {args: []string{"audit", "log", workspace, "--since=2026-12-01", "--until=2026-12-02"}, told: stopped},
		"a day as a moment":   {args: []string{"audit", "show", workspace, "--as-of=2026-12-01"}, told: stopped},
		"a moment":            {args: []string{"audit", "show", workspace, "--as-of=then"}, told: "nor a day like 2026-11-22"},
		"a duration":          {args: []string{"queues", "list", "--over=long"}, told: "a duration is like 90s"},
		"another kind's id":   {args: []string{"audit", "log", "--workspace=usr_" + strings.Repeat("1", 32)}, told: `"ws_" and 32 hexadecimal digits`},
		"a person":            {args: []string{"erase", "carl"}, told: `"usr_" and 32 hexadecimal digits`},
		"stopped: audit":      {args: []string{"audit", "fsck"}, told: stopped},
		"stopped: vault":      {args: []string{"vault", "check"}, told: stopped},
		"stopped: views":      {args: []string{"project", "parked", "list", "posts"}, told: stopped},
		"stopped: erase":      {args: []string{"erase", "usr_" + strings.Repeat("1", 32)}, told: stopped},
		"Postgres is away":    {args: []string{"audit", "log", workspace}, with: away, told: "Postgres at 127.0.0.1, port 1, cannot be used: nothing answers there", code: 1, never: "workspace-"},
		"its user is no news": {args: []string{"audit", "fsck"}, with: away, told: "nothing answers there", code: 1, never: "olivia"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, problems sitetest.Buffer
			env := process.Environment{Lookup: sitetest.Among(test.with), Out: &out, Err: &problems}
			code := program.Run(t.Context(), append(test.args, "--data="+t.TempDir()), env)
			require.Equal(t, cmp.Or(test.code, 2), code, problems.String())
			require.Contains(t, problems.String(), test.told)
			require.NotContains(t, problems.String(), "hunter2")
			require.NotContains(t, problems.String(), "parsing time")
			if test.never != "" {
				require.NotContains(t, problems.String(), test.never)
			}
		})
	}
}

// What a command itself takes stands before the settings that all commands know.
func TestHelpBeginsWithTheCommand(t *testing.T) {
	t.Parallel()
	for own, args := range map[string][]string{
		"dev [flags]":      nil,
		"--as-of":          {"audit", "show"},
		"<queue>":          {"queues", "pause"},
		"queues pause":     {"queues"},
		"--sandbox-listen": {"dev"},
	} {
		var out sitetest.Buffer
		code := program.Run(t.Context(), append(args, "--help"), process.Environment{Lookup: sitetest.Among(nil), Out: &out, Err: &out})
		require.Zero(t, code, out.String())
		before, settings, found := strings.Cut(out.String(), "\nSettings, the same for every command:\n")
		require.True(t, found, out.String())
		require.Contains(t, before, own)
		require.Contains(t, settings, "--listen=HOST:PORT")
		require.NotContains(t, before, "$BEHALF_DATA")
	}
}

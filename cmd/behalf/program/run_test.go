package program_test

import (
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

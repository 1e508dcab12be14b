package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// parse fills a Config in as a program does.
func parse(t *testing.T, args ...string) Config {
	var cli struct {
		Config `embed:""`
	}
	parser, err := kong.New(&cli, kong.Writers(io.Discard, io.Discard))
	require.NoError(t, err)
	_, err = parser.Parse(args)
	require.NoError(t, err)
	return cli.Config
}

// environment looks names up in a map.
func environment(variables map[string]string) Lookup {
	return func(name string) (string, bool) {
		value, found := variables[name]
		return value, found
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := parse(t)
	require.NoError(t, c.Resolve(environment(nil)))
	require.Equal(t, "127.0.0.1:8080", c.Listen)
	require.Equal(t, "http://127.0.0.1:8080", c.PublicURL)
	require.Equal(t, 30*time.Second, c.Claim)
	require.Equal(t, time.Minute, c.Sweep)
	level, err := c.Level()
	require.NoError(t, err)
	require.Equal(t, slog.LevelInfo, level)
	require.False(t, c.DatabaseURL.IsSet())
}

func TestSecretsComeFromVariablesAndFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte(key+"\n"), 0o600))
	c := parse(t)
	require.NoError(t, c.Resolve(environment(map[string]string{
		"DATABASE_URL":    "postgres://behalf@/behalf?host=%2Frun%2Fbehalf",
		"REDIS_URL":       "unix:///run/behalf/redis.sock?db=0",
		"BEHALF_KEY":      "", // as compose files pass "unset"
		"BEHALF_KEY_FILE": file,
	}), DatabaseURL, RedisURL, MasterKey))
	require.Equal(t, "postgres://behalf@/behalf?host=%2Frun%2Fbehalf", c.DatabaseURL.Reveal())
	require.Equal(t, key, c.MasterKey.Reveal(), "without the line's end")
}

func TestPublicURLFollowsTheAddressServedOn(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":9000":            "http://localhost:9000",
		"0.0.0.0:9000":     "http://localhost:9000",
		"[::]:9000":        "http://localhost:9000",
		"[::1]:9000":       "http://[::1]:9000",
		"behalf.test:9000": "http://behalf.test:9000",
	} {
		c := parse(t, "--listen="+listen)
		require.NoError(t, c.Resolve(environment(nil)))
		require.Equal(t, want, c.PublicURL, listen)
	}
	c := parse(t, "--public-url=https://behalf.example.com/")
	require.NoError(t, c.Resolve(environment(nil)))
	require.Equal(t, "https://behalf.example.com", c.PublicURL)
}

// What is wrong is said on one line that names the setting; a secret's value is not.
func TestEveryMistakeNamesItsSetting(t *testing.T) {
	t.Parallel()
	const canary = "hunter2"
	for _, test := range []struct {
		args        []string
		variables   map[string]string
		needed      Setting
		name, holds string
	}{
		{args: []string{"--listen=8080"}, name: "BEHALF_LISTEN", holds: "127.0.0.1:8080"},
		{args: []string{"--listen=:http"}, name: "BEHALF_LISTEN", holds: "port"},
		{args: []string{"--listen=:65536"}, name: "BEHALF_LISTEN", holds: "65535"},
		{args: []string{"--listen=:080"}, name: "BEHALF_LISTEN", holds: "port"},
		{args: []string{"--metrics-listen=x"}, name: "BEHALF_METRICS_LISTEN"},
		{args: []string{"--data="}, name: "BEHALF_DATA", holds: "empty"},
		{args: []string{"--media=folder"}, name: "BEHALF_MEDIA", holds: "file:///folder"},
		{args: []string{"--media=file://folder/media"}, name: "BEHALF_MEDIA", holds: "three slashes"},
		{args: []string{"--media=s3://?region=x"}, name: "BEHALF_MEDIA", holds: "bucket"},
		{args: []string{"--media=s3://u:" + canary + "@bucket"}, name: "BEHALF_MEDIA", holds: "password"},
		{args: []string{"--media-video=0"}, name: "BEHALF_MEDIA_VIDEO", holds: "10000"},
		{args: []string{"--media-quota=-1"}, name: "BEHALF_MEDIA_QUOTA", holds: "100000"},
		{args: []string{"--public-url=ftp://x"}, name: "BEHALF_PUBLIC_URL", holds: "https://"},
		{args: []string{"--public-url=http://"}, name: "BEHALF_PUBLIC_URL", holds: "host"},
		{args: []string{"--public-url=http://a/b"}, name: "BEHALF_PUBLIC_URL", holds: "end after the host"},
		{args: []string{"--public-url=http://u:" + canary + "@a"}, name: "BEHALF_PUBLIC_URL", holds: "password"},
		{args: []string{"--operators=ada@example.com"}, name: "BEHALF_OPERATORS", holds: "usr_"},
		{args: []string{"--sandbox-url=://"}, name: "BEHALF_SANDBOX_URL"},
		{args: []string{"--log-level=loud"}, name: "BEHALF_LOG_LEVEL", holds: "debug, info, warn or error"},
		{args: []string{"--log-format=xml"}, name: "BEHALF_LOG_FORMAT", holds: "json"},
		{args: []string{"--drain=-1s"}, name: "BEHALF_DRAIN", holds: "between 0s and 10m0s"},
		{args: []string{"--claim=1s"}, name: "BEHALF_CLAIM", holds: "between 5s and 10m0s"},
		{args: []string{"--sweep=6m"}, name: "BEHALF_SWEEP", holds: "between 1s and 5m0s"},
		{args: []string{"--concurrency=0"}, name: "BEHALF_CONCURRENCY", holds: "between 1 and 1000"},
		{args: []string{"--mail-from=nobody"}, name: "BEHALF_MAIL_FROM", holds: "e-mail"},
		{variables: map[string]string{"DATABASE_URL": "postgres://u:" + canary + "@h:port/db"}, name: "DATABASE_URL", holds: "postgres://user"},
		{variables: map[string]string{"REDIS_URL": "http://u:" + canary + "@h"}, name: "REDIS_URL", holds: "redis://host"},
		{variables: map[string]string{"SMTP_URL": "http://u:" + canary + "@h"}, name: "SMTP_URL", holds: "smtps://"},
		{variables: map[string]string{"BEHALF_KEY": canary}, name: "BEHALF_KEY", holds: "32 bytes"},
		{variables: map[string]string{"BEHALF_KEY": canary, "BEHALF_KEY_FILE": "/x"}, name: "BEHALF_KEY", holds: "not both"},
		{variables: map[string]string{"SMTP_URL_FILE": "/nowhere"}, name: "SMTP_URL_FILE", holds: "there is none"},
		{variables: map[string]string{"SMTP_URL_FILE": "/dev/null"}, name: "SMTP_URL_FILE", holds: "empty"},
		{needed: RedisURL, name: "REDIS_URL", holds: "is not set (nor is REDIS_URL_FILE)"},
		{needed: SandboxClientID, name: "BEHALF_SANDBOX_CLIENT_ID", holds: "is not set"},
	} {
		t.Run(fmt.Sprint(test.args, test.name, test.holds), func(t *testing.T) {
			t.Parallel()
			c := parse(t, test.args...)
			var needed []Setting
			if test.needed != "" {
				needed = append(needed, test.needed)
			}
			err := c.Resolve(environment(test.variables), needed...)
			var wrong *Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, test.name, string(wrong.Setting))
			require.Contains(t, wrong.Problem, test.holds)
			require.NotContains(t, err.Error(), "\n")
			require.NotContains(t, err.Error(), canary)
			require.Equal(t, 2, ExitCode(fmt.Errorf("start: %w", err)))
		})
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	require.Equal(t, 0, ExitCode(nil))
	require.Equal(t, 1, ExitCode(errors.New("the database is away")))

	var cli struct {
		Config `embed:""`
	}
	parser, err := kong.New(&cli)
	require.NoError(t, err)
	_, err = parser.Parse([]string{"--drain=soon"})
	require.ErrorContains(t, err, "--drain")
	require.Equal(t, 2, ExitCode(err))
}

func TestASecretIsNotSeen(t *testing.T) {
	t.Parallel()
	c := parse(t)
	require.NoError(t, c.Resolve(environment(map[string]string{"BEHALF_SANDBOX_CLIENT_SECRET": "hunter2"})))
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "secret", c.SandboxClientSecret, "config", c)
	for _, printed := range []string{
		log.String(),
		fmt.Sprint(c), fmt.Sprintf("%v %+v %#v", c, c, c),
		fmt.Sprintf("%s %q %x %d", c.SandboxClientSecret, c.SandboxClientSecret, c.SandboxClientSecret, c.SandboxClientSecret),
	} {
		require.NotContains(t, printed, "hunter2")
		require.NotContains(t, printed, "68756e74657232")
	}
	_, err := json.Marshal(c)
	require.ErrorIs(t, err, errMarshal)
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	c := parse(t, "--proxies=10.1.2.3/8,2001:db8::/32", "--origins=https://app.example.com/")
	require.NoError(t, c.Resolve(environment(nil)))
	require.Equal(t, []string{"https://app.example.com"}, c.Origins)
	proxies, err := c.ProxyPrefixes()
	require.NoError(t, err)
	require.Equal(t, "[10.0.0.0/8 2001:db8::/32]", fmt.Sprint(proxies))
	for _, wrong := range []string{"--proxies=10.0.0.1", "--proxies=everybody", "--origins=*", "--origins=https://a.example/path"} {
		c := parse(t, wrong)
		var setting *Error
		require.ErrorAs(t, c.Resolve(environment(nil)), &setting, wrong)
	}
}

package sitetest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/internal/config"
	"behalf/internal/testkit"
)

// Among looks settings up in a map.
func Among(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	}
}

// TestTime bounds one test.
const TestTime = 2 * time.Minute

// Variables names a database and a Redis of the test's own.
func Variables(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"DATABASE_URL": testkit.PostgresURL(t, testkit.Postgres(t)),
		"REDIS_URL":    testkit.Redis(t),
		"BEHALF_KEY":   base64.StdEncoding.EncodeToString([]byte(rand.Text() + "123456")),
	}
}

// OpenWorld opens a world on free ports, which is closed with the test.
func OpenWorld(ctx context.Context, t *testing.T, variables map[string]string, out io.Writer, options dev.Options) *dev.World {
	t.Helper()
	var grammar struct {
		config.Config `embed:""`
	}
	parser, err := kong.New(&grammar)
	require.NoError(t, err)
	_, err = parser.Parse(nil) // every setting's default
	require.NoError(t, err)
	if level, set := variables["BEHALF_LOG_LEVEL"]; set {
		grammar.LogLevel = level
	}
	if names, set := variables["BEHALF_NETWORKS"]; set {
		grammar.Networks = strings.Split(names, ",")
	}
	grammar.LogFormat = "text"
	const anyPort = "127.0.0.1:0"
	options.Data, options.Program = t.TempDir(), program.Run
	grammar.Data = options.Data
	options.Listen, options.SandboxListen, options.MailListen = anyPort, anyPort, anyPort
	env := process.Environment{Out: out, Err: out, Lookup: Among(variables)}
	w, err := dev.OpenWorld(ctx, &grammar.Config, env, options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close(nil)) })
	return w
}

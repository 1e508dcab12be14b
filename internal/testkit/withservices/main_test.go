package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"behalf/internal/testkit"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestItEndsAsTheCommandEnds(t *testing.T) {
	t.Setenv(testkit.ServerVariable, "postgres://given") // nothing is started then
	for script, want := range map[string]int{
		"exit 0":        0,
		"exit 7":        7,
		"kill -KILL $$": 128 + int(syscall.SIGKILL),
		`test "$` + testkit.ServerVariable + `" = postgres://given`: 0,
	} {
		code, err := run([]string{"--", "sh", "-c", script})
		require.NoError(t, err)
		require.Equal(t, want, code, script)
	}
	code, err := run([]string{"--"})
	require.ErrorContains(t, err, "usage")
	require.Equal(t, 2, code)
	code, err = run([]string{"/nowhere/command"})
	require.Error(t, err)
	require.Equal(t, 1, code)
}

func TestTheCommandFindsAPostgresThatIsGoneAfterwards(t *testing.T) {
	t.Setenv(testkit.ServerVariable, "")
	out := filepath.Join(t.TempDir(), "address")
	// The address holds the socket's folder, percent-encoded, and nothing else to decode.
	script := `folder=$(printf '%s' "$` + testkit.ServerVariable + `" | sed 's/.*host=\([^&]*\).*/\1/; s/%2F/\//g')
		test -S "$folder/.s.PGSQL.5432" && printf '%s' "$folder" >"$1"`
	code, err := run([]string{"--", "sh", "-c", script, "sh", out})
	require.NoError(t, err)
	require.Zero(t, code)
	folder, err := os.ReadFile(out)
	require.NoError(t, err)
	require.NotEmpty(t, folder)
	require.NoDirExists(t, string(folder))
}

// A signal reaches everything that the command has started, not only the command.
func TestSignalsArePassedOn(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "ready")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	signals := make(chan os.Signal, 1)
	go func() {
		if _, err := os.ReadFile(fifo); err == nil { // until the grandchild has written and closed it
			signals <- syscall.SIGTERM
		}
	}()
	code, err := passThrough([]string{"sh", "-c", `
		trap : TERM
		sh -c 'trap "exit 5" TERM; echo ready >"$0"; while :; do sleep 0.05; done' "$0" &
		wait $!
		wait $!
		exit $?`, fifo}, os.Environ(), signals)
	require.NoError(t, err)
	require.Equal(t, 5, code, "the grandchild's own answer to the signal")
}

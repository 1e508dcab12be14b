package devservices

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"behalf/internal/devservices/child"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// childVariable has the test binary start services instead of running tests:
// "throwaway", or a folder.
const childVariable = "BEHALF_DEVSERVICES_CHILD"

// patience is far more than anything here takes.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if where := os.Getenv(childVariable); where != "" {
		os.Exit(serveChild(where))
	}
	goleak.VerifyTestMain(m)
}

// serveChild starts services, says where, and stops them when its input ends.
func serveChild(where string) int {
	options := Options{Dir: where, SkipRedis: true}
	if where == "throwaway" {
		options = Options{Throwaway: true}
	}
	services, err := Start(context.Background(), options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(services.PostgresURL)
	fmt.Println(services.PostgresDir)
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := services.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// running is a child that has started its services.
type running struct {
	command  *exec.Cmd
	input    io.WriteCloser
	url, dir string
}

// startChild runs binary as the given user (nil: us).
func startChild(t *testing.T, binary, where string, who *syscall.Credential) running {
	command := exec.CommandContext(t.Context(), binary)
	command.Dir = "/"
	command.Env = []string{"PATH=" + os.Getenv("PATH"), childVariable + "=" + where}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())

	lines := bufio.NewScanner(output)
	require.True(t, lines.Scan(), "the child did not start its services")
	url := lines.Text()
	require.True(t, lines.Scan())
	return running{command: command, input: input, url: url, dir: lines.Text()}
}

func ourBinary(t *testing.T) string {
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

// openFolder is a folder that everybody may pass through, unlike t.TempDir.
func openFolder(t *testing.T) string {
	folder, err := os.MkdirTemp("", "devservices-test-") //nolint:usetesting // t.TempDir lets nobody else through
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return filepath.Join(folder, "data")
}

// start starts services that are stopped at the end of the test at the latest.
func start(t *testing.T, options Options) *Services {
	services, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, services.Stop(context.WithoutCancel(t.Context()))) })
	return services
}

// query runs one statement and returns its first column as text, "" without rows.
func query(t *testing.T, url, statement string) string {
	connection, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer connection.Close(t.Context())
	rows, err := connection.Query(t.Context(), statement, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return strings.Join(found, " ")
}

// postmaster is the process id of the server that works in a data folder.
func postmaster(t *testing.T, folder string) int {
	content, err := os.ReadFile(filepath.Join(folder, "postmaster.pid"))
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(string(content), &pid)
	require.NoError(t, err)
	require.Contains(t, child.WorkingIn(folder, "postgres"), pid)
	return pid
}

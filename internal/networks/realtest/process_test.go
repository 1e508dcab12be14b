//go:build networks

package realtest_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/fake"
)

// patience is how long a server may take to start.
const patience = 2 * time.Minute

// run starts a server in a process group of its own, which ends with the test.
func run(t *testing.T, env []string, folder, name string, args ...string) {
	t.Helper()
	logs, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	command := exec.Command(name, args...)
	command.Dir, command.Env, command.Stdout, command.Stderr = folder, append(os.Environ(), env...), logs, logs
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // workers outlive their parent
		_ = command.Wait()
		if t.Failed() {
			text, _ := os.ReadFile(logs.Name())
			t.Logf("%s said:\n%s", name, text[max(0, len(text)-4000):])
		}
		_ = logs.Close()
	})
}

// do runs a program to its end.
func do(t *testing.T, folder, name string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = folder
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s: %s", name, out)
}

// until tries again until it works.
func until(t *testing.T, what string, try func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		err := try(ctx)
		if err == nil {
			tick.Stop()
			return
		}
		select {
		case <-ctx.Done():
			require.NoError(t, err, what)
		case <-tick.C:
		}
	}
}

// answers waits until a server answers at an address.
func answers(t *testing.T, address string) {
	t.Helper()
	until(t, address, func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		if response.StatusCode >= http.StatusInternalServerError {
			err = errors.New(response.Status)
		}
		return errors.Join(err, response.Body.Close())
	})
}

// port is one that is free at this moment.
func port(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	_, number, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	return number
}

// before stands in front of a real server, so that connections to it can be
// broken at will.
func before(t *testing.T, behind string, front ...func(http.Handler) http.Handler) *fake.Server {
	t.Helper()
	to, err := url.Parse(behind)
	require.NoError(t, err)
	var handler http.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // the address that the site knows itself by
	}}
	for _, one := range front {
		handler = one(handler)
	}
	return fake.Start(t, handler)
}

package crash_test

import (
	"context"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
)

// TestProcessesStopOnSIGTERM: each process that runs in production ends by
// itself, without an error and well within its drain time.
func TestProcessesStopOnSIGTERM(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	for name, flag := range map[string]string{"serve": "--listen", "project": "--metrics-listen", "work": "--metrics-listen"} {
		address := freeAddress(ctx, t)
		process := s.Start(t, name, flag+"="+address, "--drain=10s")
		require.Eventually(t, func() bool { return ready(ctx, address) }, sitetest.TestTime, 20*time.Millisecond, "%s\n%s", name, s.Logs)
		asked := time.Now()
		process.End(syscall.SIGTERM)
		require.Zero(t, process.ProcessState.ExitCode(), "%s\n%s", name, s.Logs)
		require.Less(t, time.Since(asked), 10*time.Second, name)
	}
}

func ready(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func freeAddress(ctx context.Context, t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}

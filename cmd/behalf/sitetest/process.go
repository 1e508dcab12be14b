package sitetest

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
)

// Process is one of behalf's processes.
type Process struct {
	*exec.Cmd
	Exited chan struct{}
}

// Work starts a worker with a short claim and sweep.
func (s *Site) Work(t *testing.T) *Process {
	t.Helper()
	return s.Start(t, "work", "--claim=5s", "--sweep="+Sweep.String())
}

// Until looks again and again until something is so; it answers false when ctx
// ends before. What other processes do sends a test no signal.
func Until(ctx context.Context, every time.Duration, so func() bool) bool {
	for !so() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(every):
		}
	}
	return true
}

// Sweep is how often the workers of tests compare what should be queued with what is.
const Sweep = time.Second

// End sends a signal that ends the process, and waits until it is gone.
func (w *Process) End(signal syscall.Signal) {
	_ = w.Process.Signal(signal)
	<-w.Exited
}

// Start starts a process of behalf beside the world.
func (s *Site) Start(t *testing.T, name string, flags ...string) *Process {
	t.Helper()
	variables := map[string]string{"SMTP_URL": s.Mails.URL(), "BEHALF_SANDBOX_CLIENT_SECRET": s.Secrets.SandboxClientSecret}
	maps.Copy(variables, s.Variables)
	return Launch(t, s.Logs, variables, append([]string{
		name, "--log-format=json",
		"--public-url=" + s.Addresses.API, "--sandbox-url=" + s.Addresses.Sandbox, "--sandbox-client-id=" + dev.SandboxClient,
	}, flags...)...)
}

// Command is a subcommand of behalf as a process of its own, which is told the variables.
func Command(ctx context.Context, t *testing.T, variables map[string]string, arguments ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(ctx, self, arguments...)
	c.Env = append(os.Environ(), asProgram+"=1")
	for name, value := range variables {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// Launch starts a subcommand that runs until it is told to stop; it is killed with the test.
func Launch(t *testing.T, logs *Buffer, variables map[string]string, arguments ...string) *Process {
	t.Helper()
	w := &Process{Cmd: Command(context.WithoutCancel(t.Context()), t, variables, arguments...), Exited: make(chan struct{})}
	w.Stdout, w.Stderr = logs, logs
	require.NoError(t, w.Start())
	go func() {
		_ = w.Wait()
		close(w.Exited)
	}()
	t.Cleanup(func() { w.End(syscall.SIGKILL) })
	return w
}

// Lives checks that a worker has not ended by itself.
func (w *Process) Lives(t *testing.T, logs *Buffer) {
	t.Helper()
	select {
	case <-w.Exited:
		t.Errorf("a worker did not survive the outage\n%s", logs)
	default:
	}
}

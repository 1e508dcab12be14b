package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/telemetry"
)

// TestProcessesStopOnSIGTERM: each process that runs in production ends by
// itself, without an error and well within its drain time.
func TestProcessesStopOnSIGTERM(t *testing.T) {
	t.Parallel()
	ctx, s := openSite(t)
	for name, flag := range map[string]string{"serve": "--listen", "project": "--metrics-listen", "work": "--metrics-listen"} {
		address := freeAddress(ctx, t)
		process := s.start(t, name, flag+"="+address, "--drain=10s")
		require.Eventually(t, func() bool { return ready(ctx, address) }, testTime, 20*time.Millisecond, "%s\n%s", name, s.logs)
		asked := time.Now()
		process.end(syscall.SIGTERM)
		require.Zero(t, process.ProcessState.ExitCode(), "%s\n%s", name, s.logs)
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

// TestCloseWithAConnectionInUse: a service that did not stop cannot keep the process.
func TestCloseWithAConnectionInUse(t *testing.T) {
	t.Parallel()
	said, held := &safeBuffer{}, make(chan struct{})
	p := &parts{log: telemetry.NewLogger(said, telemetry.LogOptions{})}
	p.closers = []func(){func() { <-held }}
	p.close()
	close(held)
	require.Contains(t, said.String(), "connections are still in use")
}

// TestCrew: services stop in the reverse order; one that fails ends the
// process; one that does not stop is named, once, after the drain time.
func TestCrew(t *testing.T) {
	t.Parallel()
	log := telemetry.NewLogger(&safeBuffer{}, telemetry.LogOptions{})
	var stopped []string
	until := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			<-ctx.Done()
			stopped = append(stopped, name)
			return nil
		}
	}
	orderly := newCrew(log, time.Minute)
	orderly.start(t.Context(), "needed", until("needed"))
	orderly.start(t.Context(), "needing", until("needing"))
	orderly.start(t.Context(), "broken", func(context.Context) error { return errors.New("cause") })
	require.EqualError(t, orderly.wait(t.Context()), "broken: cause")
	require.Equal(t, []string{"needing", "needed"}, stopped)

	stubborn, free := newCrew(log, 10*time.Millisecond), make(chan struct{})
	stubborn.start(t.Context(), "stubborn", func(context.Context) error { <-free; return nil })
	require.EqualError(t, stubborn.stop(), "stubborn did not stop within 10ms")
	require.NoError(t, stubborn.stop(), "it is not waited for twice")
	close(free)
}

// TestDemoBrokenOff: a demo that was told to stop has not shown what it must.
func TestDemoBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	out, problems := &breaker{at: "\n3. ", stop: cancel}, &safeBuffer{}
	code := run(ctx, []string{"demo"}, environment{lookup: among(variablesFor(t)), out: out, err: problems})
	require.Equal(t, 1, code)
	require.Contains(t, problems.String(), "the story: step 3")
}

// TestStoryBrokenOff: the next start says so and serves all the same.
func TestStoryBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	out := &breaker{at: "\n3. ", stop: func() {}}
	w := openTestWorld(ctx, t, variablesFor(t), out, worldOptions{})
	playing, stop := context.WithCancel(ctx)
	out.stop = stop
	require.ErrorIs(t, w.playOnce(playing), context.Canceled)
	var err error
	w.secrets, err = loadSecrets(w.settings.Data)
	require.NoError(t, err)
	require.NoError(t, w.playOnce(ctx))
	require.Contains(t, out.String(), "The story broke off with this data")
	w.greet()
	require.NotContains(t, out.String(), "Sign-ins")
}

// TestStoryPlayedOnce: with the same data it is not played again.
func TestStoryPlayedOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	out := &safeBuffer{}
	w := openTestWorld(ctx, t, variablesFor(t), out, worldOptions{})
	require.NoError(t, w.playOnce(ctx))
	require.NoError(t, w.playOnce(ctx))
	require.Equal(t, 1, strings.Count(out.String(), "every step showed what it must"))
	require.Contains(t, out.String(), "The story has been played with this data already.")
	forget, err := w.announce()
	require.NoError(t, err)
	found, _ := orRunning(w.settings.Data, among(nil))(string(config.DatabaseURL))
	require.Equal(t, w.settings.Secrets.DatabaseURL.Reveal(), found, "the tools find the database")
	forget()
	w.greet()
	for _, shown := range []string{oliviaEmail + " " + w.secrets.Olivia, w.secrets.Outcome.Token, w.addresses.sandbox, w.addresses.mail} {
		require.Contains(t, out.String(), shown)
	}
}

// breaker stops the story when it prints a phrase.
type breaker struct {
	safeBuffer
	at   string
	stop func()
}

func (b *breaker) Write(p []byte) (int, error) {
	if strings.Contains(string(p), b.at) {
		b.stop()
	}
	return b.safeBuffer.Write(p)
}

// TestOneStoreOfARole: they share calls and a cache.
func TestOneStoreOfARole(t *testing.T) {
	t.Parallel()
	ctx, s := openSite(t)
	first, err := s.store(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	second, err := s.store(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	require.Same(t, first, second)
	people, err := s.store(ctx, eventstore.RoleAPI)
	require.NoError(t, err)
	require.NotSame(t, first, people)
}

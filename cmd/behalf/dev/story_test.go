package dev_test

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/eventstore"
	"behalf/internal/config"
)

// TestDemo runs the story as "make demo" does: every step asserts what it must show.
func TestDemo(t *testing.T) {
	t.Parallel()
	variables := sitetest.Variables(t)
	var out, problems sitetest.Buffer
	code := program.Run(t.Context(), []string{"demo"}, process.Environment{Lookup: sitetest.Among(variables), Out: &out, Err: &problems})
	require.Zero(t, code, problems.String())
	for _, shown := range []string{
		"used the token of olivia", "needs_reauthentication, mode member", "to Olivia: none",
		"403 R37", "used the token of carl", "credential mode changed", "every step showed what it must",
	} {
		require.Contains(t, out.String(), shown)
	}
}

// TestTakenPort names the flag that chooses another one.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	var out, problems sitetest.Buffer
	code := program.Run(t.Context(), []string{
		"dev", "--listen=" + taken.Addr().String(), "--data=" + filepath.Join(t.TempDir(), "data"),
	}, process.Environment{Lookup: sitetest.Among(sitetest.Variables(t)), Out: &out, Err: &problems})
	require.Equal(t, 1, code)
	require.Contains(t, problems.String(), taken.Addr().String()+" is taken by another program; choose another address with --listen")
}

// TestDemoBrokenOff: a demo that was told to stop has not shown what it must.
func TestDemoBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	out, problems := &breaker{at: "\n3. ", stop: cancel}, &sitetest.Buffer{}
	code := program.Run(ctx, []string{"demo"}, process.Environment{Lookup: sitetest.Among(sitetest.Variables(t)), Out: out, Err: problems})
	require.Equal(t, 1, code)
	require.Contains(t, problems.String(), "the story: step 3")
}

// TestStoryBrokenOff: the next start says so and serves all the same.
func TestStoryBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	out := &breaker{at: "\n3. ", stop: func() {}}
	w := sitetest.OpenWorld(ctx, t, sitetest.Variables(t), out, dev.Options{})
	playing, stop := context.WithCancel(ctx)
	out.stop = stop
	require.ErrorIs(t, w.PlayOnce(playing), context.Canceled)
	var err error
	w.Secrets, err = dev.LoadSecrets(w.Settings.Data)
	require.NoError(t, err)
	require.NoError(t, w.PlayOnce(ctx))
	require.Contains(t, out.String(), "The story broke off with this data")
	w.Greet()
	require.NotContains(t, out.String(), "Sign-ins")
}

// TestStoryPlayedOnce: with the same data it is not played again.
func TestStoryPlayedOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	out := &sitetest.Buffer{}
	w := sitetest.OpenWorld(ctx, t, sitetest.Variables(t), out, dev.Options{})
	require.NoError(t, w.PlayOnce(ctx))
	require.NoError(t, w.PlayOnce(ctx))
	require.Equal(t, 1, strings.Count(out.String(), "every step showed what it must"))
	require.Contains(t, out.String(), "The story has been played with this data already.")
	forget, err := w.Announce()
	require.NoError(t, err)
	found, _ := process.OrRunning(w.Settings.Data, sitetest.Among(nil))(string(config.DatabaseURL))
	require.Equal(t, w.Settings.Secrets.DatabaseURL.Reveal(), found, "the tools find the database")
	asked, _ := process.OrRunning(w.Settings.Data, sitetest.Among(nil))(string(config.PublicURL))
	require.Equal(t, w.Addresses.API, asked, "the operators' commands find the API, on whatever port")
	forget()
	w.Greet()
	for _, shown := range []string{dev.OliviaEmail + " " + w.Secrets.Olivia, w.Secrets.Outcome.Token, w.Addresses.Sandbox, w.Addresses.Mail} {
		require.Contains(t, out.String(), shown)
	}
}

// breaker stops the story when it prints a phrase.
type breaker struct {
	sitetest.Buffer
	at   string
	stop func()
}

func (b *breaker) Write(p []byte) (int, error) {
	if strings.Contains(string(p), b.at) {
		b.stop()
	}
	return b.Buffer.Write(p)
}

// TestOneStoreOfARole: they share calls and a cache.
func TestOneStoreOfARole(t *testing.T) {
	t.Parallel()
	ctx, s := sitetest.Open(t)
	first, err := s.Store(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	second, err := s.Store(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	require.Same(t, first, second)
	people, err := s.Store(ctx, eventstore.RoleAPI)
	require.NoError(t, err)
	require.NotSame(t, first, people)
}

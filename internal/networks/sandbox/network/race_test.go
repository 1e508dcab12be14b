package network_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
)

// together runs f that many times at once and returns the errors.
func together(times int, f func() error) []error {
	errs := make([]error, times)
	var group sync.WaitGroup
	for i := range times {
		group.Go(func() { errs[i] = f() })
	}
	group.Wait()
	return errs
}

func TestOneKeyIsOnePost(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	c, credential := connect(t, s)
	session := networks.Session{Credential: credential, Account: networktest.Page}
	for _, err := range together(16, func() error {
		published, err := c.Publish(t.Context(), session, networks.Attempt{Key: "k", Content: networks.Content{Text: "t"}})
		if err == nil && !strings.HasSuffix(published.URL, "/p1") {
			return errors.New("another post")
		}
		return err
	}) {
		require.NoError(t, err)
	}
	log, err := s.Control.AwaitRequests(t.Context(), 16)
	require.NoError(t, err)
	require.Len(t, log.Posts, 1)
}

// Of refreshes at once with one token, one is the first and all others are
// replays, which end the family.
func TestOneRefreshTokenIsOneRefresh(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	c, credential := connect(t, s)
	renewed := make(chan networks.Credential, 8)
	succeeded := 0
	for _, err := range together(8, func() error {
		next, err := c.Refresh(t.Context(), credential)
		if err == nil {
			renewed <- next
		}
		return err
	}) {
		if err == nil {
			succeeded++
			continue
		}
		require.Equal(t, networks.Reauth, networks.KindOf(err))
	}
	require.Equal(t, 1, succeeded)
	_, err := c.Refresh(t.Context(), <-renewed)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

// Closing releases the calls that hang, so that a server can shut down.
func TestClosingReleasesWaitingCalls(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	c, credential := connect(t, s)
	require.NoError(t, s.Control.Arm(t.Context(), control.Fault{Call: control.Publish, Kind: control.HangAfter}))
	hanging, waiting := make(chan error, 1), make(chan error, 1)
	go func() {
		session := networks.Session{Credential: credential, Account: networktest.Page}
		_, err := c.Publish(t.Context(), session, networks.Attempt{Key: "k", Content: networks.Content{Text: "t"}})
		hanging <- err
	}()
	_, err := s.Control.AwaitPosts(t.Context(), 1)
	require.NoError(t, err)
	go func() {
		_, err := s.Control.AwaitPosts(t.Context(), 2)
		waiting <- err
	}()
	s.Stop()
	require.Equal(t, networks.Ambiguous, networks.KindOf(<-hanging))
	require.Error(t, <-waiting)
}

package sandbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

// Every fault, what Publish makes of it, and what Reconcile finds afterwards.
func TestPublishFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   control.Kind
		want   networks.FailureKind
		stands networks.VerdictState
	}{
		{control.Unauthorized, networks.Reauth, networks.Absent},
		{control.Forbidden, networks.NoPermission, networks.Absent},
		{control.RateLimited, networks.RateLimited, networks.Absent},
		{control.FailBefore, networks.Ambiguous, networks.Absent},
		{control.FailAfter, networks.Ambiguous, networks.Live},
		{control.ResetBefore, networks.Ambiguous, networks.Absent},
		{control.ResetAfter, networks.Ambiguous, networks.Live},
		{control.HangBefore, networks.Ambiguous, networks.Absent},
		{control.HangAfter, networks.Ambiguous, networks.Live},
		{control.Slow, "", networks.Live},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wire.Options{})
			session := w.session(w.authorized(t, w.olivia))
			require.NoError(t, w.Control.Arm(t.Context(), control.Fault{
				Call: control.Publish, Kind: c.kind, Page: networktest.Page, Times: 1, RetryAfter: 7, DelayMS: 1,
			}))

			err := publishUntilArrived(t, w, session, c.kind)
			require.Equal(t, c.want, networks.KindOf(err), "%v", err)
			if c.want == networks.RateLimited {
				failure := &networks.Failure{}
				require.ErrorAs(t, err, &failure)
				require.Equal(t, 7*time.Second, failure.RetryAfter)
			}

			verdict, err := w.Reconcile(t.Context(), session, hello)
			require.NoError(t, err)
			require.Equal(t, c.stands, verdict.State)

			// The fault has struck once: trying again is one post in every case.
			_, err = w.Publish(t.Context(), session, hello)
			require.NoError(t, err)
			log, err := w.Control.Log(t.Context())
			require.NoError(t, err)
			require.Len(t, log.Posts, 1)
			require.Len(t, log.Requests, 2)
		})
	}
}

// publishUntilArrived gives a call that hangs up as soon as the network has
// taken it in.
func publishUntilArrived(t *testing.T, w world, session networks.Session, kind control.Kind) error {
	t.Helper()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	ended := make(chan error, 1)
	go func() {
		_, err := w.Publish(ctx, session, hello)
		ended <- err
	}()
	switch kind {
	case control.HangAfter:
		_, err := w.Control.AwaitPosts(t.Context(), 1)
		require.NoError(t, err)
		giveUp()
	case control.HangBefore:
		_, err := w.Control.AwaitRequests(t.Context(), 1)
		require.NoError(t, err)
		giveUp()
	}
	return <-ended
}

// A read that fails changes nothing and leads to no conclusion.
func TestReadFaults(t *testing.T) {
	t.Parallel()
	for kind, want := range map[control.Kind]networks.FailureKind{
		control.Unauthorized: networks.Reauth,
		control.Forbidden:    networks.NoPermission,
		control.RateLimited:  networks.RateLimited,
		control.FailBefore:   networks.Unavailable,
		control.FailAfter:    networks.Unavailable,
		control.HangBefore:   networks.Unavailable,
		control.HangAfter:    networks.Unavailable,
		control.ResetBefore:  networks.Unavailable,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wire.Options{})
			session := w.session(w.authorized(t, w.olivia))
			_, err := w.Publish(t.Context(), session, hello)
			require.NoError(t, err)
			require.NoError(t, w.Control.Arm(t.Context(), control.Fault{Call: control.Read, Kind: kind}))
			struck := w.impatient(t, kind)
			verdict, err := struck.Reconcile(t.Context(), session, hello)
			require.Equal(t, want, networks.KindOf(err), "%v", err)
			require.Equal(t, networks.Unknown, verdict.State)
			_, err = struck.VerifyAccess(t.Context(), session)
			require.Equal(t, want, networks.KindOf(err), "%v", err)

			require.NoError(t, w.Control.Clear(t.Context()))
			_, err = w.VerifyAccess(t.Context(), session)
			require.NoError(t, err)
		})
	}
}

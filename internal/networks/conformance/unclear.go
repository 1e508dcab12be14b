package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// unclear cuts the publishing call off before and after it has had its effect.
// What Reconcile then says, and whether a second call makes a second post, is
// what the connector's capabilities promise (R59).
func (s Subject) unclear(t *testing.T) {
	for kind, stored := range map[fake.Kind]bool{
		fake.FailBefore: false, fake.ResetBefore: false, fake.HangBefore: false, fake.Redirect: false,
		fake.FailAfter: true, fake.ResetAfter: true, fake.HangAfter: true, fake.TooLarge: true, fake.Malformed: true,
	} {
		s.run(t, string(kind), func(t *testing.T) {
			w := s.begin(t, wire.Options{})
			a := w.prepared(t.Context(), attempt(hello))
			struck := w.Gate.Arm(fake.Fault{On: s.Calls.Publish, Kind: kind, Times: 1})
			err := w.publishUntil(struck, kind == fake.HangBefore || kind == fake.HangAfter, a)
			require.Equal(t, networks.Ambiguous, networks.KindOf(err), "%v", err)
			posts := w.Posts(t)
			require.Equal(t, stored, len(posts) == 1)
			w.judges(a, stored)
			w.repeats(a, stored)
		})
	}
}

// publishUntil gives a call that hangs up as soon as the fault has struck.
func (s scene) publishUntil(struck <-chan struct{}, hangs bool, a networks.Attempt) error {
	ctx, giveUp := context.WithCancel(s.t.Context())
	defer giveUp()
	ended := make(chan error, 1)
	go func() {
		_, err := s.Publish(ctx, s.session, a)
		ended <- err
	}()
	if hangs {
		<-struck
		giveUp()
	}
	return <-ended
}

func (s scene) judges(a networks.Attempt, stored bool) {
	s.t.Helper()
	verdict := s.verdict(a)
	switch {
	case !s.knows():
		require.Equal(s.t, networks.Verdict{State: networks.Unknown}, verdict)
	case stored:
		require.Equal(s.t, networks.Live, verdict.State)
		require.Equal(s.t, s.Posts(s.t)[0].ID, verdict.Published.RemoteID)
		require.Equal(s.t, s.Posts(s.t)[0].URL, verdict.Published.URL)
	default:
		require.Equal(s.t, networks.Verdict{State: networks.Absent}, verdict)
	}
}

// repeats publishes the same attempt again.
func (s scene) repeats(a networks.Attempt, stored bool) {
	s.t.Helper()
	if stored && s.caps.Idempotency == networks.NotIdempotent {
		return // that would be a second post, which is why nobody does it
	}
	published, err := s.Publish(s.t.Context(), s.session, a)
	posts := s.Posts(s.t)
	require.Len(s.t, posts, 1)
	if stored && s.caps.Idempotency == networks.DuplicateProof {
		require.Equal(s.t, networks.Duplicate, networks.KindOf(err), "%v", err)
		require.Equal(s.t, posts[0].ID, failureOf(s.t, err).ExistingID)
		return
	}
	require.NoError(s.t, err)
	require.Equal(s.t, posts[0].ID, published.RemoteID)
}

// unreachable is a network that is not there: nothing was sent, nothing is known.
func (s Subject) unreachable(t *testing.T) {
	gone := make(chan struct{})
	w := s.begin(t, wire.Options{Dial: dialUntil(gone)})
	a := w.prepared(t.Context(), attempt(hello))
	close(gone)
	arrived := len(w.Gate.Requests(s.Calls.Publish))
	_, err := w.Publish(t.Context(), w.session, a)
	require.Equal(t, networks.NotSent, networks.KindOf(err), "%v", err)
	require.Len(t, w.Gate.Requests(s.Calls.Publish), arrived)
	if w.knows() {
		verdict, err := w.Reconcile(t.Context(), w.session, a)
		require.Error(t, err)
		require.Equal(t, networks.Unknown, verdict.State)
	}
}

// reads that fail change nothing and lead to no conclusion (R45). The fault
// stays until it is cleared: net/http may repeat a GET.
func (s Subject) reads(t *testing.T) {
	w := s.begin(t, wire.Options{})
	a, _, _ := w.published(hello)
	for _, kind := range []fake.Kind{
		fake.FailBefore, fake.FailAfter, fake.ResetBefore, fake.Redirect, fake.TooLarge, fake.Malformed,
	} {
		w.Gate.Arm(fake.Fault{On: s.Calls.Verify, Kind: kind})
		_, err := w.VerifyAccess(t.Context(), w.session)
		require.Equal(t, networks.Unavailable, networks.KindOf(err), "%s: %v", kind, err)
		w.Gate.Clear()
		if !w.knows() {
			continue
		}
		w.Gate.Arm(fake.Fault{On: s.Calls.Reconcile, Kind: kind})
		verdict, err := w.Reconcile(t.Context(), w.session, a)
		require.Equal(t, networks.Unavailable, networks.KindOf(err), "%s: %v", kind, err)
		require.Equal(t, networks.Unknown, verdict.State)
		w.Gate.Clear()
	}
	w.Gate.Arm(fake.Fault{On: s.Calls.Verify, Kind: fake.HangBefore, Times: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := w.VerifyAccess(ctx, w.session)
	require.Equal(t, networks.Unavailable, networks.KindOf(err), "%v", err)
	require.Len(t, w.Posts(t), 1)
}

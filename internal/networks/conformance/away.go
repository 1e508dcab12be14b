package conformance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// away has the network answer that it will be back in two minutes. Whatever was
// asked, the whole host waits for so long, and nothing else is concluded.
func (s Subject) away(t *testing.T) {
	w := s.begin(t, wire.Options{})
	a, published, _ := w.published(hello)
	illustrated := attempt(w.illustrated())
	for name, call := range map[string]struct {
		on   string
		kind networks.FailureKind
		make func() error
	}{
		"reading": {s.Calls.Verify, networks.Unavailable, func() error {
			_, err := w.VerifyAccess(t.Context(), w.session)
			return err
		}},
		"asking": {s.Calls.Reconcile, networks.Unavailable, func() error {
			_, err := w.Reconcile(t.Context(), w.session, a)
			return err
		}},
		"preparing": {s.Calls.Prepare, networks.Unavailable, func() error {
			_, err := w.Prepare(t.Context(), w.session, illustrated, keep)
			return err
		}},
		"publishing": {s.Calls.Publish, networks.Ambiguous, func() error {
			_, err := w.Publish(t.Context(), w.session, a)
			return err
		}},
		"deleting": {s.Calls.Delete, networks.Ambiguous, func() error { return w.Delete(t.Context(), w.session, published.RemoteID) }},
		"refreshing": {s.Calls.Refresh, networks.Ambiguous, func() error {
			_, err := w.Refresh(t.Context(), w.credential)
			return err
		}},
	} {
		if call.on == "" || name == "asking" && !w.knows() {
			continue
		}
		w.Gate.Arm(fake.Fault{On: call.on, Kind: fake.Refuse, Answer: fake.Answer{
			Status: 503, Header: map[string]string{"Retry-After": "120"}, Body: "upstream failure",
		}})
		failure := failureOf(t, call.make())
		require.Equal(t, call.kind, failure.Kind, name)
		require.Equal(t, 2*time.Minute, failure.RetryAfter, name)
		require.Equal(t, networks.ScopeHost, failure.Scope, name)
		w.Gate.Clear()
	}
	require.Len(t, w.Posts(t), 1)
}

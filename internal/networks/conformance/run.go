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

// RedirectURI is where the tests let networks send people back.
const RedirectURI = fake.RedirectURI

// Run asks everything of a connector.
func Run(t *testing.T, s Subject) {
	t.Helper()
	if s.Spell == nil {
		s.Spell = spell
	}
	if s.RedirectURI == "" {
		s.RedirectURI = RedirectURI
	}
	if s.Link == "" {
		s.Link = "https://example.com/story"
	}
	caps := s.Start(t, wire.Options{}).Capabilities()
	if caps.Manual {
		s.run(t, "manual", s.manual)
		s.run(t, "limits", s.limits)
		s.run(t, "capabilities", s.capabilities)
		s.run(t, "secrets", s.printing)
		return
	}
	for name, test := range map[string]func(*testing.T){
		"authorizing":            s.authorizing,
		"a callback of another":  s.foreignCallback,
		"access":                 s.access,
		"a lost right":           s.lostRight,
		"a declined scope":       s.declined,
		"another account":        s.anotherAccount,
		"an expired token":       s.expired,
		"a rotated token":        s.rotated,
		"an ended authorization": s.ended,
		"text and link":          s.textAndLink,
		"pictures":               s.pictures,
		"a film":                 s.film,
		"posting as":             s.postingAs,
		"limits":                 s.limits,
		"what was recorded":      s.recorded,
		"unclear outcomes":       s.unclear,
		"unreachable":            s.unreachable,
		"reads that fail":        s.reads,
		"away for a while":       s.away,
		"preparing, interrupted": s.interrupted,
		"preparing that fails":   s.preparingFails,
		"discarding":             s.discarding,
		"deleting":               s.deleting,
		"revoking":               s.revoking,
		"sending in time":        s.sendBefore,
		"answers of no use":      s.useless,
		"members nobody knows":   s.extra,
		"no secret comes out":    s.silence,
		"what is printed":        s.printing,
		"capabilities":           s.capabilities,
	} {
		s.run(t, name, test)
	}
}

func (s Subject) run(t *testing.T, name string, test func(*testing.T)) {
	t.Run(name, func(t *testing.T) {
		if !s.Sequential {
			t.Parallel()
		}
		test(t)
	})
}

// scene is a world in which Olivia has connected the account.
type scene struct {
	*World
	t          *testing.T
	caps       networks.Capabilities
	credential networks.Credential // what she authorized
	session    networks.Session    // what is published with
}

func (s Subject) begin(t *testing.T, o wire.Options) scene {
	t.Helper()
	w := s.Start(t, o)
	credential := s.connect(t, w, fake.Olivia)
	access, err := w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
	require.NoError(t, err)
	session := networks.Session{Credential: credential, Account: w.Account}
	if !access.Credential.IsZero() {
		session.Credential = access.Credential
	}
	return scene{World: w, t: t, caps: w.Capabilities(), credential: session.Credential, session: session}
}

// start begins an authorization.
func (s Subject) authorize(t *testing.T, w *World) networks.AuthStart {
	t.Helper()
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: s.RedirectURI, Host: w.Host})
	require.NoError(t, err)
	return start
}

// connect walks a person through the whole authorization.
func (s Subject) connect(t *testing.T, w *World, person string) networks.Credential {
	t.Helper()
	start := s.authorize(t, w)
	credential, err := w.Exchange(t.Context(), w.Answer(t, person, start, true))
	require.NoError(t, err)
	require.False(t, credential.IsZero())
	return credential
}

// attempt is a first try to publish a content.
func attempt(c networks.Content) networks.Attempt {
	now := time.Now().UTC().Truncate(time.Millisecond)
	return networks.Attempt{
		Key: "target-0198c2d4-rev1", Content: c,
		Written: now.Add(-time.Hour), Due: now, Begun: now.Add(-time.Second),
	}
}

// prepared brings an attempt to where Publish is next.
func (s scene) prepared(ctx context.Context, a networks.Attempt) networks.Attempt {
	s.t.Helper()
	prepared, err := s.Prepare(ctx, s.session, a, func(_ context.Context, p networks.Prepared) error {
		s.bounded(p)
		return nil
	})
	require.NoError(s.t, err)
	s.bounded(prepared)
	a.Prepared = prepared
	return a
}

// bounded holds what is kept of preparing to its promise.
func (s scene) bounded(p networks.Prepared) {
	s.t.Helper()
	require.LessOrEqual(s.t, len(p), 16<<10)
	for _, secret := range append(secretsOf(s.t, s.session.Credential), s.Secrets...) {
		require.NotContains(s.t, string(p), secret)
	}
}

// published publishes a content and reads it back: one post, as it was answered.
func (s scene) published(c networks.Content) (networks.Attempt, networks.Published, fake.Post) {
	s.t.Helper()
	a := s.prepared(s.t.Context(), attempt(c))
	published, err := s.Publish(s.t.Context(), s.session, a)
	require.NoError(s.t, err)
	require.NotEmpty(s.t, published.RemoteID)
	posts := s.Posts(s.t)
	require.Len(s.t, posts, 1)
	require.Equal(s.t, posts[0].ID, published.RemoteID)
	require.Equal(s.t, posts[0].URL, published.URL)
	return a, published, posts[0]
}

// verdict asks what has become of an attempt: a network that answers by the key, by that alone.
func (s scene) verdict(a networks.Attempt) networks.Verdict {
	s.t.Helper()
	if s.caps.Reconciling == networks.ByKey {
		a = networks.Attempt{Key: a.Key, Written: a.Written, Begun: a.Begun}
	}
	verdict, err := s.Reconcile(s.t.Context(), s.session, a)
	require.NoError(s.t, err)
	return verdict
}

// knows reports whether the network can be asked about an attempt.
func (s scene) knows() bool { return s.caps.Reconciling != networks.NoReconciling }

var hello = networks.Content{Text: "Hello <world> & all, from Zürich: 1 + 1 = 2 (really) #news @nobody_here"}

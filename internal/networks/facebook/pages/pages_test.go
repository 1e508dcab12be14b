package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/facebook/pages/pagestest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := pagestest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}

// R37: the page's token lives longer than the person's, and nobody can ask it
// whether the person may still post. The connection ends with the person's, which
// is known beforehand (R44); until somebody has noticed, the page's is used.
func TestThePersonsTokenEndsFirst(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"the right is there": false, "the right is lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := pagestest.Start(t, wire.Options{})
			credential := connect(t, w)
			ends := credential.ExpiresAt()
			require.False(t, ends.IsZero())
			session := networks.Session{Credential: credential, Account: pagestest.PageID}
			_, err := w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "x"}})
			require.ErrorContains(t, err, "no_page_token")
			access, err := w.VerifyAccess(t.Context(), session)
			require.NoError(t, err)
			require.Equal(t, ends, access.Credential.ExpiresAt())

			g.EndPeople()
			session.Credential = access.Credential
			if lost {
				w.Demote(t, fake.Olivia)
			}
			_, err = w.VerifyAccess(t.Context(), session)
			require.Equal(t, networks.Reauth, networks.KindOf(err), "%v", err)
			_, err = w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "x"}})
			require.Equal(t, lost, err != nil)
		})
	}
}

// R37: what a person takes away in their settings is found when the access is
// checked, and given back by connecting again, when they are asked for it again.
func TestPermissionIsTakenAway(t *testing.T) {
	t.Parallel()
	w, g := pagestest.Start(t, wire.Options{})
	session := networks.Session{Credential: connect(t, w), Account: pagestest.PageID}
	access, err := w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	session.Credential = access.Credential
	for _, permission := range []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts"} {
		g.Decline(fake.Olivia, permission)
		_, err = w.VerifyAccess(t.Context(), session)
		require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
		var failure *networks.Failure
		require.ErrorAs(t, err, &failure)
		require.Contains(t, failure.Detail, "("+permission+")")
		_, err = w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "x"}})
		require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
	}
	g.Decline(fake.Olivia, "")
	_, err = w.VerifyAccess(t.Context(), networks.Session{Credential: connect(t, w), Account: pagestest.PageID})
	require.NoError(t, err)
}

func connect(t *testing.T, w *conformance.World) networks.Credential {
	t.Helper()
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	return credential
}

// Facebook keeps a text's lines, and not the white space that they ended with (R59).
func TestLinesOfWindows(t *testing.T) {
	t.Parallel()
	w, _ := pagestest.Start(t, wire.Options{})
	session := networks.Session{Credential: connect(t, w), Account: pagestest.PageID}
	access, err := w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	session.Credential = access.Credential
	a := networks.Attempt{Content: networks.Content{Text: "One\r\n\r\nTwo: example.org \r\n"}, Begun: time.Now()}
	published, err := w.Publish(t.Context(), session, a)
	require.NoError(t, err)
	verdict, err := w.Reconcile(t.Context(), session, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: published}, verdict)
}

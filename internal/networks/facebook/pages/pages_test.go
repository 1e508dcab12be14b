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

// The page's token lives longer than the person's, and is enough.
func TestThePersonsTokenEndsFirst(t *testing.T) {
	t.Parallel()
	w, g := pagestest.Start(t, wire.Options{})
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	require.False(t, credential.ExpiresAt().IsZero())
	session := networks.Session{Credential: credential, Account: pagestest.PageID}
	_, err = w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "x"}})
	require.ErrorContains(t, err, "no_page_token")
	access, err := w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	require.True(t, access.Credential.ExpiresAt().IsZero())

	g.EndPeople()
	session.Credential = access.Credential
	again, err := w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	require.Equal(t, pagestest.PageID, again.Account.RemoteID)
	_, err = w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "x"}})
	require.NoError(t, err)
}

// Facebook keeps a text's lines, and not the white space that they ended with (R59).
func TestLinesOfWindows(t *testing.T) {
	t.Parallel()
	w, _ := pagestest.Start(t, wire.Options{})
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	session := networks.Session{Credential: credential, Account: pagestest.PageID}
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

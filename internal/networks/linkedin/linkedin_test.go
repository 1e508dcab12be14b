package linkedin_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/linkedin/linkedintest"
	"behalf/internal/networks/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, organizations := range map[string]bool{"person": false, "organization": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := linkedintest.Subject(organizations)
			subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
			conformance.Run(t, subject)
		})
	}
}

// An application that is no approved partner gets no refresh token: the
// connection ends, and everybody can know when.
func TestWithoutARefreshToken(t *testing.T) {
	t.Parallel()
	w := linkedintest.Start(t, wire.Options{}, false)
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	callback := w.Answer(t, fake.Olivia, begun, true)
	w.Gate.Arm(fake.Fault{On: "POST /oauth/v2/accessToken", Kind: fake.Refuse, Answer: fake.Answer{
		Status: 200, Body: `{"access_token":"a","expires_in":5183999,"scope":"openid,profile,w_member_social"}`,
	}})
	credential, err := w.Exchange(t.Context(), callback)
	require.NoError(t, err)
	require.False(t, credential.Refreshable())
	require.False(t, credential.ExpiresAt().IsZero())
	_, err = w.Refresh(t.Context(), credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

// Whoever has two roles on an organization is offered it once.
func TestTwoRolesAreOneAccount(t *testing.T) {
	t.Parallel()
	w := linkedintest.Start(t, wire.Options{}, true)
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Len(t, accounts, 1)
	require.Equal(t, linkedintest.OrganizationURN, accounts[0].RemoteID)
}

// LinkedIn tells no address of a person's page; /in/me would be everybody's own.
func TestAPersonHasNoAddress(t *testing.T) {
	t.Parallel()
	w := linkedintest.Start(t, wire.Options{}, false)
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	access, err := w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
	require.NoError(t, err)
	require.Equal(t, networks.Account{RemoteID: w.Account, Name: "OLIVIA"}, access.Account)
}

// LinkedIn keeps a text's lines, and not the white space that they ended with (R59).
func TestLinesOfWindows(t *testing.T) {
	t.Parallel()
	w := linkedintest.Start(t, wire.Options{}, true)
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	session := networks.Session{Credential: credential, Account: w.Account}
	a := networks.Attempt{Content: networks.Content{Text: "One\r\n\r\nTwo: example.org (#three) \r\n"}, Begun: time.Now()}
	published, err := w.Publish(t.Context(), session, a)
	require.NoError(t, err)
	verdict, err := w.Reconcile(t.Context(), session, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: published}, verdict)
}

// What LinkedIn says about where to upload to is believed only of its own hosts.
func TestUploadsGoToLinkedInAlone(t *testing.T) {
	t.Parallel()
	w := linkedintest.Start(t, wire.Options{}, false)
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	w.Gate.Arm(fake.Fault{On: "POST /rest/images", Kind: fake.Refuse, Answer: fake.Answer{
		Status: 200, Body: `{"value":{"uploadUrl":"http://127.0.0.1:1/x","image":"urn:li:image:1"}}`,
	}})
	_, err = w.Prepare(t.Context(), networks.Session{Credential: credential, Account: w.Account}, networks.Attempt{
		Content: networks.Content{Media: []networks.Media{conformance.Picture(t, 1)}},
	}, nil)
	require.Equal(t, networks.Unavailable, networks.KindOf(err))
	require.ErrorContains(t, err, "unreadable_answer")
}

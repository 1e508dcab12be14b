package program_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/client"
	"behalf/cmd/behalf/sitetest"
	"behalf/cmd/behalf/story"
)

var mailedLink = regexp.MustCompile(`/v1/links/([A-Za-z0-9_-]+)`)

// following starts a worker and waits until it follows the log: what happens
// from now on is mailed.
func following(ctx context.Context, t *testing.T, s *sitetest.Site) {
	t.Helper()
	s.Work(t)
	require.Eventually(t, func() bool {
		return s.Count(ctx, t, "select count(*) from log.checkpoints where name like 'policy:%'") > 0
	}, sitetest.TestTime, 10*time.Millisecond, "%s", s.Logs)
}

// linkTo is the link in the mail to an address.
func linkTo(ctx context.Context, t *testing.T, s *sitetest.Site, address string) string {
	t.Helper()
	mail, err := s.AwaitMail(ctx, address, "/v1/links/")
	require.NoError(t, err)
	found := mailedLink.FindStringSubmatch(mail.Text)
	require.NotNil(t, found)
	require.Contains(t, mail.Text, s.Addresses.API+"/v1/links/", "it leads to where people reach Behalf")
	return found[1]
}

// TestPasswordResetByMail goes the whole way: a request, its event, the outbox,
// the mail server, the link in the mail, and the new password.
func TestPasswordResetByMail(t *testing.T) {
	t.Parallel()
	ctx, s := sitetest.Open(t)
	following(ctx, t, s)
	olivia := s.Stage().Olivia
	somebody := story.NewVisitor(s.Addresses.API, nil)
	require.NoError(t, somebody.Post(ctx, "/v1/password-resets", map[string]string{"email": olivia.Email}, nil))
	token := linkTo(ctx, t, s, olivia.Email)
	const chosen = "another password that she chose"
	reset := map[string]string{"token": token, "password": chosen}
	require.NoError(t, somebody.Post(ctx, "/v1/password-resets/complete", reset, nil))
	require.Error(t, somebody.Post(ctx, "/v1/password-resets/complete", reset, nil), "the link works once")
	_, err := somebody.SignIn(ctx, client.SignIn{Email: olivia.Email, Password: olivia.Password})
	require.Error(t, err)
	_, err = somebody.SignIn(ctx, client.SignIn{Email: olivia.Email, Password: chosen})
	require.NoError(t, err)
	_, err = s.Olivia.Me(ctx)
	require.Error(t, err, "every session before it has ended")
	told, err := s.AwaitMail(ctx, olivia.Email, "password of your Behalf account was changed")
	require.NoError(t, err)
	require.Equal(t, "Your password was changed", told.Subject)
}

// TestAddressChangeByMail: the new address gets the link, the old one is told.
func TestAddressChangeByMail(t *testing.T) {
	t.Parallel()
	ctx, s := sitetest.Open(t)
	following(ctx, t, s)
	olivia := s.Stage().Olivia
	const wanted = "olivia.elsewhere@example.com"
	require.NoError(t, s.Olivia.Post(ctx, "/v1/me/address", map[string]string{"email": wanted, "password": olivia.Password}, nil))
	token := linkTo(ctx, t, s, wanted)
	require.NoError(t, s.Olivia.Post(ctx, "/v1/me/address/complete", map[string]string{"token": token}, nil))
	told, err := s.AwaitMail(ctx, olivia.Email, "address of your Behalf account was changed")
	require.NoError(t, err)
	require.Equal(t, "Your address was changed", told.Subject)
	somebody := story.NewVisitor(s.Addresses.API, nil)
	_, err = somebody.SignIn(ctx, client.SignIn{Email: olivia.Email, Password: olivia.Password})
	require.Error(t, err)
	_, err = somebody.SignIn(ctx, client.SignIn{Email: wanted, Password: olivia.Password})
	require.NoError(t, err)
}

package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

var hello = networks.Attempt{Key: "att_1", Content: networks.Content{Text: "Hello <world> & all"}}

func TestPublishingTwiceIsOnePost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	session := w.session(w.authorized(t, w.olivia))

	verdict, err := w.Reconcile(t.Context(), session, hello)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Absent}, verdict)

	first, err := w.Publish(t.Context(), session, hello)
	require.NoError(t, err)
	require.Equal(t, w.URL+"/pages/"+networktest.Page+"/posts/"+first.RemoteID, first.URL)
	again, err := w.Publish(t.Context(), session, hello)
	require.NoError(t, err)
	require.Equal(t, first, again)

	verdict, err = w.Reconcile(t.Context(), session, hello)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: first}, verdict)

	log, err := w.Control.Log(t.Context())
	require.NoError(t, err)
	require.Len(t, log.Posts, 1)
	require.Equal(t, "olivia", log.Posts[0].Person)
	require.Len(t, log.Requests, 2)
	require.Equal(t, []string{"att_1", "att_1"}, []string{log.Requests[0].Key, log.Requests[1].Key})

	_, err = w.Publish(t.Context(), session, networks.Attempt{Key: hello.Key, Content: networks.Content{Text: "something else"}})
	require.Equal(t, networks.Duplicate, networks.KindOf(err))
	failure := &networks.Failure{}
	require.ErrorAs(t, err, &failure)
	require.Equal(t, first.RemoteID, failure.ExistingID)
}

// R37, R64: access is what the network says at this moment.
func TestVerifyAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	session := w.session(w.authorized(t, w.carl))

	_, err := w.VerifyAccess(t.Context(), session)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	accounts, err := w.Accounts(t.Context(), session.Credential)
	require.NoError(t, err)
	require.Empty(t, accounts)

	require.NoError(t, w.Control.MakeAdmin(t.Context(), networktest.Page, "carl"))
	access, err := w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	require.Equal(t, networks.Person{RemoteID: "carl", Name: "carl"}, access.Person)
	require.Equal(t, networktest.Page, access.Account.RemoteID)
	session.Identity = "newsroom"
	_, err = w.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	session.Identity = "nobody"
	_, err = w.VerifyAccess(t.Context(), session)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))

	session.Identity = ""
	require.NoError(t, w.Control.RemoveAdmin(t.Context(), networktest.Page, "carl"))
	_, err = w.Publish(t.Context(), session, hello)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	session.Account = "no-such-page"
	_, err = w.VerifyAccess(t.Context(), session)
	require.Equal(t, networks.Gone, networks.KindOf(err))
}

func TestExpiredTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	credential := w.authorized(t, w.olivia)
	require.NoError(t, w.Control.ExpireAccessTokens(t.Context()))
	_, err := w.Publish(t.Context(), w.session(credential), hello)
	require.Equal(t, networks.Reauth, networks.KindOf(err))

	credential, err = w.Refresh(t.Context(), credential)
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), w.session(credential), hello)
	require.NoError(t, err)

	require.NoError(t, w.Control.Revoke(t.Context(), "olivia"))
	_, err = w.VerifyAccess(t.Context(), w.session(credential))
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = w.Refresh(t.Context(), credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestRefusedPosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	session := w.session(w.authorized(t, w.olivia))
	limits, err := w.Limits(t.Context(), session.Account)
	require.NoError(t, err)
	limit := limits.Text
	longest := strings.Repeat("ä", limit.Max)
	require.Equal(t, limit.Max, limit.Count(longest))

	for code, attempt := range map[string]networks.Attempt{
		"text_too_long": {Key: "k1", Content: networks.Content{Text: longest + "!"}},
		"empty_text":    {Key: "k2", Content: networks.Content{Text: " \n"}},
		"invalid_key":   {Key: "no spaces", Content: networks.Content{Text: "x"}},
	} {
		_, err := w.Publish(t.Context(), session, attempt)
		require.Equal(t, networks.Rejected, networks.KindOf(err), code)
		require.ErrorContains(t, err, code)
	}
	session.Identity = "nobody"
	_, err = w.Publish(t.Context(), session, hello)
	require.ErrorContains(t, err, "unknown_identity")

	session.Identity = "newsroom"
	_, err = w.Publish(t.Context(), session, networks.Attempt{Key: "k3", Content: networks.Content{Text: longest}})
	require.NoError(t, err)
	log, err := w.Control.Log(t.Context())
	require.NoError(t, err)
	require.Len(t, log.Posts, 1)
	require.Equal(t, "newsroom", log.Posts[0].Identity)
}

func TestNothingIsSentTooLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	session := w.session(w.authorized(t, w.olivia))
	late := networks.SendBefore(t.Context(), time.Now().Add(-time.Second))
	_, err := w.Publish(late, session, hello)
	require.Equal(t, networks.NotSent, networks.KindOf(err))
	require.ErrorIs(t, err, wire.ErrTooLate)
	log, err := w.Control.Log(t.Context())
	require.NoError(t, err)
	require.Empty(t, log.Requests)
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wire.Options{})
	session := w.session(w.authorized(t, w.olivia))
	w.Stop()
	w.Connector = connect(t, w.URL, wire.Options{}) // without a pooled connection, whose end shows only after writing
	_, err := w.Publish(t.Context(), session, hello)
	require.Equal(t, networks.NotSent, networks.KindOf(err))
	verdict, err := w.Reconcile(t.Context(), session, hello)
	require.Error(t, err)
	require.Equal(t, networks.Unknown, verdict.State)
	_, err = w.Publish(t.Context(), networks.Session{Account: networktest.Page}, hello)
	require.ErrorContains(t, err, "wrong_credential")
}

func connectAs(t *testing.T, url, secret string) *sandbox.Connector {
	t.Helper()
	c, err := sandbox.New(sandbox.Config{URL: url, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(secret)})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// impatient lets a call that hangs end soon, and gives all others all the time they need.
func (w world) impatient(t *testing.T, kind control.Kind) world {
	t.Helper()
	if kind == control.HangBefore || kind == control.HangAfter {
		w.Connector = connect(t, w.URL, wire.Options{Timeout: 200 * time.Millisecond})
	}
	return w
}

package bluesky_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire/guard"
)

func TestConnecting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	require.Equal(t, networks.KindSessionPair, s.Credential.Kind())
	require.True(t, s.Credential.Refreshable())
	require.WithinDuration(t, time.Now().Add(2*time.Hour), s.Credential.ExpiresAt(), time.Minute)
	accounts, err := w.Accounts(t.Context(), s.Credential)
	require.NoError(t, err)
	require.Equal(t, []networks.Account{{
		RemoteID: w.DID(blueskytest.Olivia), Name: blueskytest.Olivia, URL: "https://bsky.app/profile/" + w.DID(blueskytest.Olivia),
	}}, accounts)

	s.Account = w.DID(blueskytest.Carl)
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.VerifyAccess(t.Context(), networks.Session{Credential: networks.NewManual(networks.Manual{})})
	require.ErrorContains(t, err, "wrong_credential")
}

func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		fields map[string]string
		want   networks.FailureKind
		asked  int
	}{
		"nothing":           {nil, networks.Rejected, 0},
		"no password":       {map[string]string{"handle": blueskytest.Olivia}, networks.Rejected, 0},
		"the account's own": {map[string]string{"handle": blueskytest.Olivia, "password": "hunter2hunter2"}, networks.Rejected, 0},
		"a wrong one":       {map[string]string{"handle": blueskytest.Olivia, "password": "aaaa-bbbb-cccc-dddd"}, networks.Reauth, 1},
		"nobody":            {map[string]string{"handle": "nobody.test", "password": "aaaa-bbbb-cccc-dddd"}, networks.Reauth, 1},
		"a place inside":    {map[string]string{"handle": blueskytest.Olivia, "password": "aaaa-bbbb-cccc-dddd", "host": "169.254.169.254"}, networks.Rejected, 0},
	} {
		before := len(w.Requests("POST /xrpc/com.atproto.server.createSession"))
		_, err := w.Exchange(t.Context(), w.form(t, test.fields))
		require.Equal(t, test.want, networks.KindOf(err), name)
		require.Len(t, w.Requests("POST /xrpc/com.atproto.server.createSession"), before+test.asked, name)
	}
	w.Takedown(blueskytest.Carl)
	_, err := w.Exchange(t.Context(), w.form(t, map[string]string{"handle": blueskytest.Carl, "password": w.Password(blueskytest.Carl)}))
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	w.Deactivate(blueskytest.Olivia)
	_, err = w.Exchange(t.Context(), w.form(t, map[string]string{"handle": blueskytest.Olivia, "password": w.Password(blueskytest.Olivia)}))
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
}

// An account is found on a server of its own, by its handle or identity.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	own := blueskytest.Start(t)
	for name, test := range map[string]struct {
		handle, host string
		lost         bool
		want         networks.FailureKind
	}{
		"by handle":           {handle: "@" + blueskytest.Olivia},
		"by identity":         {handle: own.DID(blueskytest.Olivia)},
		"by its address":      {handle: blueskytest.Olivia, host: own.URL},
		"not to be found out": {handle: blueskytest.Olivia, lost: true, want: networks.Reauth},
		"known to nobody":     {handle: blueskytest.Olivia, host: own.URL, lost: true, want: networks.Rejected},
	} {
		entry := blueskytest.Start(t) // knows the same handle, and not the password
		directory := own.URL
		if test.lost {
			directory = entry.URL
			entry.LoseDirectory()
		}
		c := bluesky.New(bluesky.Config{Host: entry.URL, Directory: directory, Guard: guard.Options{AllowLoopback: true}})
		t.Cleanup(c.Close)
		start, err := c.Authorize(t.Context(), networks.AuthRequest{})
		require.NoError(t, err)
		credential, err := c.Exchange(t.Context(), networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
			"handle": networks.NewSecret(test.handle), "password": networks.NewSecret(own.Password(blueskytest.Olivia)), "host": networks.NewSecret(test.host),
		}})
		require.Equal(t, test.want, networks.KindOf(err), name)
		if test.want == "" {
			pair, _ := credential.SessionPair()
			require.Equal(t, own.URL, pair.Host, name)
		}
	}
}

// No server is believed about whose account it is (R37, R46): its identity has
// to name the server. While that cannot be asked, nothing is connected.
func TestAServerThatLies(t *testing.T) {
	t.Parallel()
	honest, liar := newWorld(t), blueskytest.Start(t) // which knows the same people, by the same identities
	fields := map[string]string{"handle": blueskytest.Olivia, "password": liar.Password(blueskytest.Olivia), "host": liar.URL}
	_, err := honest.Exchange(t.Context(), honest.form(t, fields))
	require.Equal(t, networks.Rejected, networks.KindOf(err), "%v", err)
	require.ErrorContains(t, err, "server_mismatch")
	require.Len(t, liar.Requests("POST /xrpc/com.atproto.server.createSession"), 1, "it has signed somebody in")

	for name, answer := range map[string]fake.Answer{
		"away":     {Status: http.StatusServiceUnavailable, Body: "<html>"},
		"another":  {Status: http.StatusOK, Body: `{"id":"did:plc:cccccccccccccccccccccccc"}`},
		"nonsense": {Status: http.StatusOK, Body: "<html>"},
	} {
		w := newWorld(t)
		w.Arm(fake.Fault{On: "GET /{did}", Kind: fake.Refuse, Answer: answer})
		_, err := w.Exchange(t.Context(), w.form(t, map[string]string{"handle": blueskytest.Olivia, "password": w.Password(blueskytest.Olivia)}))
		require.Equal(t, networks.Unavailable, networks.KindOf(err), "%s: %v", name, err)
		w.Clear()
		_ = w.session(t, blueskytest.Olivia)
	}
}

// Bluesky's own servers are signed in to through the default one, and through
// nobody else's.
func TestTheDefaultServer(t *testing.T) {
	t.Parallel()
	const own = "https://morel.us-east.host.bsky.network"
	w, liar := newWorld(t), blueskytest.Start(t)
	w.CallItself(own)
	fields := map[string]string{"handle": blueskytest.Olivia, "password": w.Password(blueskytest.Olivia)}
	credential, err := w.Exchange(t.Context(), w.form(t, fields))
	require.NoError(t, err)
	pair, _ := credential.SessionPair()
	require.Equal(t, own, pair.Host)

	fields = map[string]string{"handle": blueskytest.Olivia, "password": liar.Password(blueskytest.Olivia), "host": liar.URL}
	_, err = w.Exchange(t.Context(), w.form(t, fields))
	require.ErrorContains(t, err, "server_mismatch")
}

func TestRefreshing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	w.ExpireAccess()
	_, err := w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	s.Credential, err = w.Refresh(t.Context(), s.Credential)
	require.NoError(t, err)
	_, err = w.VerifyAccess(t.Context(), s)
	require.NoError(t, err)

	w.Arm(fake.Fault{On: "POST /xrpc/com.atproto.server.refreshSession", Kind: fake.Refuse, Answer: fake.Answer{Status: http.StatusBadGateway}, Times: 1})
	_, err = w.Refresh(t.Context(), s.Credential)
	require.Equal(t, networks.Ambiguous, networks.KindOf(err), "R45: a time-out is no death")
	require.NoError(t, w.Revoke(t.Context(), s.Credential))
	require.NoError(t, w.Revoke(t.Context(), s.Credential))
	_, err = w.Refresh(t.Context(), s.Credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))

	s = w.session(t, blueskytest.Olivia)
	w.RevokePasswords(blueskytest.Olivia)
	_, err = w.VerifyAccess(t.Context(), s)
	require.NoError(t, err, "an access token lives on")
	_, err = w.Refresh(t.Context(), s.Credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

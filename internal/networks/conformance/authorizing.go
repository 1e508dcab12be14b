package conformance

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// authorizing starts afresh every time, ends in a credential, once, and takes
// no for an answer.
func (s Subject) authorizing(t *testing.T) {
	w := s.Start(t, wire.Options{})
	start, other := s.authorize(t, w), s.authorize(t, w)
	require.NotEmpty(t, start.State)
	require.NotEqual(t, start.State, other.State)
	require.False(t, start.Pending.State.IsZero())
	require.Equal(t, start.URL == "", start.Form != nil)
	back := start.Pending.RedirectURI
	require.True(t, back == s.RedirectURI || strings.HasPrefix(back, s.RedirectURI+"/"), "people come back here: %s", back)

	callback := w.Answer(t, fake.Olivia, start, true)
	credential, err := w.Exchange(t.Context(), callback)
	require.NoError(t, err)
	sealed, err := credential.Seal()
	require.NoError(t, err)
	opened, err := networks.OpenCredential(sealed)
	require.NoError(t, err)
	again, err := opened.Seal()
	require.NoError(t, err)
	require.Equal(t, string(sealed), string(again), "the vault gives back what it was given")
	if start.Form != nil {
		return // a form may be filled in as often as one likes, and not filling it in is a no
	}
	_, err = w.Exchange(t.Context(), callback)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "a code is good once: %v", err)
	_, err = w.Exchange(t.Context(), w.Answer(t, fake.Olivia, other, false))
	require.Equal(t, networks.Denied, networks.KindOf(err), "%v", err)
}

// foreignCallback refuses the answer to another start, or to none.
func (s Subject) foreignCallback(t *testing.T) {
	w := s.Start(t, wire.Options{})
	start, other := s.authorize(t, w), s.authorize(t, w)
	callback := w.Answer(t, fake.Olivia, start, true)
	for name, pending := range map[string]networks.Pending{"of another": other.Pending, "of none": {}} {
		mixed := callback
		mixed.Pending = pending
		if start.Form != nil && name == "of another" {
			continue // nothing comes back that could belong to another start
		}
		_, err := w.Exchange(t.Context(), mixed)
		require.Contains(t, []networks.FailureKind{networks.Rejected, networks.Reauth}, networks.KindOf(err), "%s: %v", name, err)
	}
	if s.Calls.Exchange != "" && start.Form == nil {
		require.Empty(t, w.Gate.Requests(s.Calls.Exchange), "a foreign callback's code must not be used up")
	}
	_, err := w.Exchange(t.Context(), callback)
	require.NoError(t, err)
}

// access lists the account and says who may post to it (R37).
func (s Subject) access(t *testing.T) {
	w := s.Start(t, wire.Options{})
	credential := s.connect(t, w, fake.Olivia)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	listed := find(accounts, w.Account)
	require.NotNil(t, listed, "%+v", accounts)
	require.NotEmpty(t, listed.Name)

	access, err := w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
	require.NoError(t, err)
	require.Equal(t, w.Account, access.Account.RemoteID)
	require.NotEmpty(t, access.Person.RemoteID)
	again, err := w.VerifyAccess(t.Context(), networks.Session{Credential: kept(credential, access), Account: w.Account})
	require.NoError(t, err, "what the network gave for the account is good as well")
	require.Equal(t, access.Person, again.Person)

	_, err = w.VerifyAccess(t.Context(), networks.Session{Account: w.Account})
	require.Error(t, err, "without a credential")
}

// lostRight tells a right that was lost from an authorization that ended (R44).
func (s Subject) lostRight(t *testing.T) {
	w := s.begin(t, wire.Options{})
	if w.Demote == nil {
		t.Skip("nobody else could have the right")
	}
	a := w.prepared(t.Context(), attempt(hello))
	w.Demote(t, fake.Olivia)
	_, err := w.VerifyAccess(t.Context(), w.session)
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
	_, err = w.Publish(t.Context(), w.session, a)
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
	require.Empty(t, w.Posts(t))
}

// declined names the scope that a person left out before they choose an account,
// and whenever the access is checked (R37).
func (s Subject) declined(t *testing.T) {
	w := s.Start(t, wire.Options{})
	if w.Decline == nil {
		t.Skip("people allow all or nothing, or the network does not tell")
	}
	scope := w.Decline(t, fake.Olivia)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, s.authorize(t, w), true))
	if err == nil {
		_, err = w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
		require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
		_, err = w.Accounts(t.Context(), credential)
	}
	failure := failureOf(t, err)
	require.Equal(t, networks.NoPermission, failure.Kind)
	require.True(t, failure.OfConnection)
	require.Contains(t, failure.Detail, scope)
}

// anotherAccount refuses a reauthentication that comes back with somebody who
// is not, or does not have, the account (R46).
func (s Subject) anotherAccount(t *testing.T) {
	w := s.Start(t, wire.Options{})
	credential := s.connect(t, w, fake.Carl)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Nil(t, find(accounts, w.Account), "%+v", accounts)
	_, err = w.VerifyAccess(t.Context(), networks.Session{Credential: credential, Account: w.Account})
	require.Contains(t, []networks.FailureKind{networks.NoPermission, networks.Gone}, networks.KindOf(err), "%v", err)
}

func find(accounts []networks.Account, id string) *networks.Account {
	for i := range accounts {
		if accounts[i].RemoteID == id {
			return &accounts[i]
		}
	}
	return nil
}

func kept(credential networks.Credential, access networks.Access) networks.Credential {
	if access.Credential.IsZero() {
		return credential
	}
	return access.Credential
}

func failureOf(t *testing.T, err error) *networks.Failure {
	t.Helper()
	var failure *networks.Failure
	require.ErrorAs(t, err, &failure)
	require.NotEmpty(t, failure.Code)
	require.NotEmpty(t, failure.Detail)
	return failure
}

package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/signin"
	"behalf/domain"
)

func enrolled(t *testing.T) (*signin.Desk, domain.UserID) {
	t.Helper()
	pool, _ := pools(t)
	desk := signin.New(pool, key, time.Now)
	person, err := desk.PersonOf(t.Context(), "carl@example.com")
	require.NoError(t, err)
	require.NoError(t, desk.Enrol(t.Context(), person, "canary-password", always, always))
	return desk, person
}

// What is not recorded does not happen.
func TestRenewingFails(t *testing.T) {
	t.Parallel()
	desk, person := enrolled(t)
	session, err := desk.OpenSession(t.Context(), person, signin.ByPassword)
	require.NoError(t, err)
	refused := errors.New("the link was used")
	renewal := signin.Renewal{Person: person, Password: "another password", Tokens: true}
	require.ErrorIs(t, desk.Renew(t.Context(), renewal, func(context.Context) error { return refused }), refused)
	_, err = desk.Identify(t.Context(), session.Token)
	require.NoError(t, err)
	_, err = desk.CheckPassword(t.Context(), "carl@example.com", "canary-password")
	require.NoError(t, err)
}

// A session that is opened by the old password while it is being replaced does
// not outlive it: whether it begins before the others are ended or after.
func TestSigningInWhileThePasswordIsReplaced(t *testing.T) {
	t.Parallel()
	desk, person := enrolled(t)
	proven, err := desk.CheckPassword(t.Context(), "carl@example.com", "canary-password")
	require.NoError(t, err)
	var opened signin.Session
	stands := make(chan bool, 1)
	err = desk.Renew(t.Context(), signin.Renewal{Person: person, Password: "another password"}, func(ctx context.Context) error {
		// the sessions have been ended, and nothing is committed yet
		opened, err = desk.OpenSession(ctx, person, signin.ByPassword)
		require.NoError(t, err)
		go func() {
			still, err := desk.Stands(context.WithoutCancel(ctx), proven)
			stands <- still || err != nil
		}()
		return nil
	})
	require.NoError(t, err)
	require.False(t, <-stands, "whoever opened the session is told to close it")
	require.NotEmpty(t, opened.Token)

	again, err := desk.CheckPassword(t.Context(), "carl@example.com", "another password")
	require.NoError(t, err)
	still, err := desk.Stands(t.Context(), again)
	require.NoError(t, err)
	require.True(t, still)
}

// The one session that is kept goes on, with all API tokens.
func TestRenewingKeeps(t *testing.T) {
	t.Parallel()
	desk, person := enrolled(t)
	kept, err := desk.OpenSession(t.Context(), person, signin.ByPassword)
	require.NoError(t, err)
	other, err := desk.OpenSession(t.Context(), person, signin.ByPassword)
	require.NoError(t, err)
	_, token, err := desk.AddToken(t.Context(), person, signin.APIToken{Name: "program", Scopes: signin.Scopes()})
	require.NoError(t, err)
	principal, err := desk.Identify(t.Context(), kept.Token)
	require.NoError(t, err)
	renewal := signin.Renewal{Person: person, Password: "another password", Keep: principal.Credential}
	require.NoError(t, desk.Renew(t.Context(), renewal, always))
	for credential, want := range map[signin.Token]error{kept.Token: nil, token: nil, other.Token: signin.ErrNotSignedIn} {
		_, err := desk.Identify(t.Context(), credential)
		require.ErrorIs(t, err, want)
	}
}

// A change of the address that broke off after it was recorded is completed
// by doing it again.
func TestMovingBreaksOff(t *testing.T) {
	t.Parallel()
	desk, person := enrolled(t)
	taken, broken := errors.New("taken"), errors.New("the process ended")
	require.ErrorIs(t, desk.MoveTo(t.Context(), person, "new@example.com", taken, func(context.Context) error { return broken }), broken)
	found, err := desk.Find(t.Context(), "carl@example.com")
	require.NoError(t, err)
	require.Equal(t, person, found)
	for range 2 {
		require.NoError(t, desk.MoveTo(t.Context(), person, "New@example.com", taken, always))
		found, err = desk.Find(t.Context(), "new@example.com")
		require.NoError(t, err)
		require.Equal(t, person, found)
	}
	_, err = desk.Find(t.Context(), "carl@example.com")
	require.ErrorIs(t, err, signin.ErrNobody)
	_, err = desk.CheckPassword(t.Context(), "new@example.com", "canary-password")
	require.NoError(t, err)
}

// The session that was used the longest ago makes room.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	desk, person := enrolled(t)
	var tokens []signin.Token
	for range 52 {
		session, err := desk.OpenSession(t.Context(), person, signin.ByPassword)
		require.NoError(t, err)
		tokens = append(tokens, session.Token)
	}
	alive := 0
	for _, token := range tokens {
		if _, err := desk.Identify(t.Context(), token); err == nil {
			alive++
		}
	}
	require.Equal(t, 50, alive)
	_, err := desk.Identify(t.Context(), tokens[0])
	require.ErrorIs(t, err, signin.ErrNotSignedIn)
}

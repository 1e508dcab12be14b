package user_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/user"
)

var linkKey = [32]byte{1, 2, 3}

func TestLinkTokensStandForTheirLink(t *testing.T) {
	t.Parallel()
	for _, purpose := range []user.Purpose{user.ToVerify, user.ToChangeAddress, user.ToResetPassword} {
		link := user.Link{Person: scenario.Carl, Purpose: purpose, Generation: 3, Expires: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
		token := user.NewLinkToken(linkKey, link)
		read, genuine := token.Prove(linkKey)
		require.True(t, genuine)
		require.Equal(t, link, read)
		_, genuine = token.Prove([32]byte{9})
		require.False(t, genuine, "another key's")
	}
}

// Whatever bit of a token is changed, it proves nothing.
func TestForgedLinkTokens(t *testing.T) {
	t.Parallel()
	token := user.NewLinkToken(linkKey, user.Link{Person: scenario.Carl, Purpose: user.ToResetPassword, Generation: 1, Expires: time.Unix(1e9, 0)})
	raw, err := base64.RawURLEncoding.DecodeString(token.Reveal())
	require.NoError(t, err)
	for i := range len(raw) * 8 {
		raw[i/8] ^= 1 << (i % 8)
		_, genuine := user.LinkToken(base64.RawURLEncoding.EncodeToString(raw)).Prove(linkKey)
		require.False(t, genuine, "bit %d", i)
		raw[i/8] ^= 1 << (i % 8)
	}
	for _, malformed := range []string{"", "A", "not base64 ==", token.Reveal() + "AAAA", token.Reveal()[4:]} {
		_, genuine := user.LinkToken(malformed).Prove(linkKey)
		require.False(t, genuine, "%q", malformed)
	}
	unknown := user.NewLinkToken(linkKey, user.Link{Person: scenario.Carl, Purpose: "something else", Generation: 1})
	_, genuine := unknown.Prove(linkKey)
	require.False(t, genuine, "a purpose that nobody knows")
}

func TestLinkTokensDoNotPrint(t *testing.T) {
	t.Parallel()
	token := user.NewLinkToken(linkKey, user.Link{Person: scenario.Carl, Purpose: user.ToVerify, Generation: 1})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.NotContains(t, fmt.Sprintf(verb, token), token.Reveal()[:8], verb)
	}
	written, err := json.Marshal(struct{ Token user.LinkToken }{token})
	require.NoError(t, err)
	require.NotContains(t, string(written), token.Reveal())
}

// What is said of a link, whatever it is for.
func TestWhichLinksOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, purpose := range []user.Purpose{user.ToVerify, user.ToChangeAddress, user.ToResetPassword} {
		u := user.User{
			Registered: true, Verification: 2, Change: 2, Reset: 2, ResetOpen: true,
			Pending: personal.New(scenario.Carl, "new@example.com"),
		}
		done := user.User{Registered: true, Verified: true, Verification: 2, Change: 2, Reset: 2}
		link := u.LinkFor(scenario.Carl, purpose, now)
		require.Equal(t, 2, link.Generation)
		require.Equal(t, now.Add(purpose.Life()), link.Expires)
		require.NoError(t, u.Opens(link, purpose, now))
		require.NoError(t, u.Opens(link, purpose, link.Expires.Add(-time.Nanosecond)))
		says := func(u user.User, link user.Link, code string, now time.Time) {
			t.Helper()
			require.ErrorIs(t, u.Opens(link, purpose, now), &domain.Refusal{Code: code}, purpose)
		}
		says(u, link, "link_expired", link.Expires)
		says(done, link, "link_used", now)
		says(done, link, "link_used", link.Expires)
		older, later, other, nothing := link, link, link, user.Link{}
		older.Generation, later.Generation, other.Purpose = 1, 3, "something else"
		says(u, older, "link_superseded", now)
		says(u, later, "not_found", now)
		says(u, other, "not_found", now)
		says(u, nothing, "not_found", now)
		says(user.User{Erased: true}, link, "not_found", now)
	}
	require.Zero(t, user.Purpose("something else").Life())
}

func FuzzLinkToken(f *testing.F) {
	f.Add(user.NewLinkToken(linkKey, user.Link{Person: scenario.Carl, Purpose: user.ToVerify, Generation: 1}).Reveal())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		link, genuine := user.LinkToken(text).Prove(linkKey)
		if !genuine {
			require.Zero(t, link)
			return
		}
		require.Equal(t, text, user.NewLinkToken(linkKey, link).Reveal())
	})
}
